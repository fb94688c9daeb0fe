#include "record/stop_control.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "approvekit/stop.hpp"
#include "json/json_view.hpp"
#include "policy/glob.hpp"
#include "record/decision_check.hpp"
#include "record/unit_of_work.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace approvekit::record {

namespace {

constexpr std::size_t longest_pattern = 256;

void check_pattern(const std::string& pattern, const char* name) {
    const auto refuse = [&](const std::string& why) {
        throw Error(ErrorCode::invalid_option, std::string("the stop's pattern for ") + name + " " + why);
    };
    if (pattern.empty()) refuse("is empty; * stands for all");
    if (pattern.size() > longest_pattern) refuse("is longer than " + std::to_string(longest_pattern) + " bytes");
    if (pattern.find('\0') != std::string::npos) refuse("holds a NUL character");
    if (!text::is_utf8(pattern)) refuse("is not UTF-8");
}

DecisionError lifted_before(const Stop& stop) {
    return DecisionError(ErrorCode::already_decided, "the stop " + stop.id + " was lifted by " + stop.ended_by + " (" +
                                                         stop.ended_way + ") at " + to_text(*stop.ended_at) + " UTC");
}

bool tells_of(const AuditRecord& entry, const Stop& stop) {
    return entry.tool_name == json::exportable_text(stop.tool) && entry.metadata == stop_metadata(stop);
}

std::string misfit_of_start(const StoredStop& stored, const AuditRecord& entry) {
    const Stop& stop = stored.stop;
    if (!tells_of(entry, stop)) return "what it stops is something else";
    if (json::exportable_text(stop.reason) != entry.notes.value_or("")) return "its reason is another one";
    if (stop.reviewer != entry.reviewer || stop.way != entry.way) return "who stopped is somebody else";
    return stored.since == entry.timestamp ? "" : "its time is another one";
}

std::string misfit_of_end(const StoredStop& stored, const std::optional<AuditRecord>& entry) {
    const Stop& stop = stored.stop;
    const bool is_open = !stop.ended_at;
    if (!entry) return is_open ? "" : "it is said to be lifted, and no entry records that";
    if (is_open) return "an entry records that it was lifted";
    if (!tells_of(*entry, stop)) return "what was lifted is something else";
    if (stop.ended_by != entry->reviewer || stop.ended_way != entry->way) return "who lifted it is somebody else";
    return stored.ended_at == entry->timestamp ? "" : "the time of its end is another one";
}

}  // namespace

Stop StopControl::stop(const StopOrder& order, const Author& author) {
    StoredStop stored;
    stored.stop.id = random_uuid();
    stored.stop.tool = order.tool;
    stored.stop.agent = order.agent;
    stored.stop.reason = order.reason;
    stored.stop.reviewer = author.reviewer;
    stored.stop.way = author.way;
    stored.stop.since = work_.moment.now;
    stored.since = work_.moment.text;
    work_.tables.stops.insert(stored);
    audit_.stop(stored.stop, AuditEvent::stopped, author);
    work_.announce_all();
    return std::move(stored.stop);
}

Stop StopControl::resume(const std::string& id, const Author& author) {
    const auto found = work_.tables.stops.find(id);
    if (!found) throw DecisionError(ErrorCode::not_found, "there is no stop " + id);
    Stop stop = found->stop;
    // A row that says "lifted" without an entry was written by another program, and still stops agents that met the
    // stop.
    if (!stop.in_force() && is_lifted(id, work_.tables.entries)) {
        if (stop.ended_by == author.reviewer && stop.ended_way == author.way) return stop;
        throw lifted_before(stop);
    }
    stop.ended_at = work_.moment.now;
    stop.ended_by = author.reviewer;
    stop.ended_way = author.way;
    work_.tables.stops.lift({stop, found->since, work_.moment.text});
    audit_.stop(stop, AuditEvent::lifted, author);
    work_.announce_all();
    return stop;
}

const Stop* StopControl::in_the_way(std::string_view tool_name, std::string_view agent) {
    return stop_covering(work_.stops_in_force(), tool_name, agent);
}

const Stop* stop_covering(const std::vector<Stop>& stops, std::string_view tool_name, std::string_view agent) {
    const auto found =
        std::find_if(stops.begin(), stops.end(), [&](const Stop& stop) { return stop.covers(tool_name, agent); });
    return found == stops.end() ? nullptr : &*found;
}

void check_stop(const StopOrder& order) {
    check_pattern(order.tool, "tools");
    check_pattern(order.agent, "agents");
    check_note(order.reason);
    if (order.reason.find_first_not_of(" \t\r\n") != std::string::npos) return;
    throw Error(ErrorCode::invalid_option, "a stop needs a reason, which agents and reviewers are told");
}

std::string misfit_of_stop(const StoredStop& stored, Entries& entries) {
    std::optional<AuditRecord> start;
    std::optional<AuditRecord> end;
    entries.each_of(stored.stop.id, [&](std::int64_t, const AuditRecord& record) {
        if (record.event == AuditEvent::stopped && !start) start = record;
        if (record.event == AuditEvent::lifted && !end) end = record;
    });
    if (!start) return "no entry records it";
    const std::string what = misfit_of_start(stored, *start);
    return what.empty() ? misfit_of_end(stored, end) : what;
}

std::string misfit_of_stop_entry(const AuditRecord& entry, Stops& stops) {
    if (entry.event != AuditEvent::stopped && entry.event != AuditEvent::lifted) return "";
    return stops.find(entry.request_id) ? "" : "the stop that it records is gone";
}

}  // namespace approvekit::record

namespace approvekit {

bool Stop::covers(std::string_view tool_name, std::string_view agent_name) const {
    return policy::Glob(tool).matches(tool_name) && policy::Glob(agent).matches(agent_name);
}

Json to_json_view(const Stop& stop) {
    return {
        {"id", stop.id},
        {"tool", stop.tool},
        {"agent", stop.agent},
        {"reason", stop.reason},
        {"reviewer", stop.reviewer},
        {"way", stop.way},
        {"since", to_text(stop.since)},
        {"ended_at", json::text_or_null(stop.ended_at)},
        {"ended_by", json::text_or_null(stop.ended_by)},
        {"ended_way", json::text_or_null(stop.ended_way)},
    };
}

}  // namespace approvekit
