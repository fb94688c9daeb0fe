#include "approvekit/terminal_reviewer.hpp"

#include "approvekit/terminal_text.hpp"
#include "record/exported_audit.hpp"
#include "review/watch.hpp"
#include "terminal/archive_view.hpp"
#include "terminal/decision_view.hpp"
#include "terminal/pages.hpp"
#include "terminal/prompt.hpp"
#include "terminal/request_view.hpp"
#include "terminal/review_session.hpp"
#include "terminal/screen.hpp"
#include "terminal/short_text.hpp"
#include "terminal/statistics_view.hpp"
#include "terminal/stop_view.hpp"
#include "terminal/verification.hpp"

#include <algorithm>
#include <istream>
#include <ostream>
#include <string>
#include <utility>

namespace approvekit {
namespace {

using terminal::Lines;
using terminal::Screen;
using terminal::short_id;
using terminal::verification_of;

Screen screen_of(const TerminalReviewer::Options& options) {
    constexpr std::size_t narrowest = 30;
    const std::size_t columns = options.columns();
    return {.width = std::max(columns, narrowest),
            .columns = columns,
            .height = options.rows(),
            .charset = options.unicode ? text::Charset::unicode : text::Charset::ascii,
            .paint = terminal::Paint(options.colours),
            .now = options.clock->now()};
}

template <typename Item>
Json views(const std::vector<Item>& items) {
    Json list = Json::array();
    for (const Item& item : items)
        list.push_back(to_json_view(item));
    return list;
}

template <typename Item>
Json page_json(const char* name, const std::vector<Item>& items, const std::string& next) {
    return {{name, views(items)}, {"next", next.empty() ? Json(nullptr) : Json(next)}};
}

void add_next(Lines& lines, const std::string& next) {
    if (!next.empty()) lines.add(0, "There is more: --cursor " + lines.screen().name(next));
}

/// Returns whether the record passed.
bool tell(std::ostream& out, const TerminalReviewer::Options& options, const terminal::Verification& verification) {
    if (options.json) {
        out << terminal_json(to_json_view(verification)) << '\n';
    } else {
        Lines lines(screen_of(options));
        draw_verification(lines, verification);
        out << lines.text();
    }
    return verification.passed();
}

/// Whatever was shown before, a single command has shown nothing of what it decides.
ReviewerAnswer by_id(ReviewerAnswer answer) {
    answer.shown = Shown::by_id;
    return answer;
}

}  // namespace

TerminalReviewer::TerminalReviewer(Reviewer reviewer, std::ostream& out, Options options)
    : reviewer_(std::move(reviewer)), out_(out), options_(std::move(options)) {}

void TerminalReviewer::prompt(std::istream& in) {
    const std::function<Screen()> screen = [this] { return screen_of(options_); };
    terminal::Prompt(reviewer_, out_, screen).run(in);
}

void TerminalReviewer::prompt(LineReader& lines) {
    const std::function<Screen()> screen = [this] { return screen_of(options_); };
    terminal::ReviewSession(reviewer_, out_, screen, lines).run();
}

void TerminalReviewer::list(const RequestQuery& query) {
    const RequestPage page = reviewer_.list(query);
    if (options_.json) return print(page_json("requests", page.requests, page.next));
    Lines lines(screen_of(options_));
    draw_stops_above(lines, reviewer_.stops());
    draw_request_page(lines, reviewer_.storage(), query, page);
    add_next(lines, page.next);
    out_ << lines.text();
}

void TerminalReviewer::show(std::string_view id_or_prefix) {
    const ApprovalRequest request = reviewer_.find(id_or_prefix);
    if (options_.json) return print({{"request", to_json_view(request)}});
    Lines lines(screen_of(options_));
    draw_request(lines, request, short_id(reviewer_.storage(), request.id), terminal::Detail::whole);
    out_ << lines.text();
}

void TerminalReviewer::approve(std::string_view id_or_prefix, const ReviewerAnswer& answer) {
    print_decision(reviewer_.approve(id_or_prefix, by_id(answer)));
}

void TerminalReviewer::reject(std::string_view id_or_prefix, const ReviewerAnswer& answer) {
    print_decision(reviewer_.reject(id_or_prefix, by_id(answer)));
}

void TerminalReviewer::answer(std::string_view id_or_prefix, const Json& words, const ReviewerAnswer& with) {
    print_decision(reviewer_.answer(id_or_prefix, words, by_id(with)));
}

void TerminalReviewer::stop(const StopOrder& order) {
    print_stop(reviewer_.stop(order));
}

void TerminalReviewer::resume(std::string_view id_or_prefix) {
    print_stop(reviewer_.resume(id_or_prefix));
}

void TerminalReviewer::stops(StopList which) {
    const std::vector<Stop> stops = reviewer_.stops(which);
    if (options_.json) return print({{"stops", views(stops)}});
    Lines lines(screen_of(options_));
    draw_stops(lines, stops);
    out_ << lines.text();
}

void TerminalReviewer::revoke(std::string_view id_or_prefix) {
    const Grant grant = reviewer_.revoke(id_or_prefix);
    if (options_.json) return print({{"grant", to_json_view(grant)}});
    Lines lines(screen_of(options_));
    draw_grant(lines, grant);
    out_ << lines.text();
}

void TerminalReviewer::grants(GrantList which) {
    const std::vector<Grant> grants = reviewer_.grants(which);
    if (options_.json) return print({{"grants", views(grants)}});
    Lines lines(screen_of(options_));
    draw_grants(lines, grants);
    out_ << lines.text();
}

void TerminalReviewer::audit(AuditQuery query) {
    const bool names_request = !query.request_id.empty() && query.request_id != auto_request_id;
    if (names_request) query.request_id = reviewer_.find(query.request_id).id;
    const AuditPage page = reviewer_.audit(query);
    if (options_.json) {
        Json document = page_json("audit", page.entries, page.next);
        document["sessions"] = views(page.sessions);
        return print(document);
    }
    Lines lines(screen_of(options_));
    draw_audit_page(lines, reviewer_.storage(), page);
    add_next(lines, page.next);
    out_ << lines.text();
}

void TerminalReviewer::calls(CallQuery query) {
    const bool names_request = !query.request_id.empty() && query.request_id != auto_request_id;
    if (names_request) query.request_id = reviewer_.find(query.request_id).id;
    const CallPage page = find_calls(reviewer_.storage(), query);
    if (options_.json) return print(page_json("calls", page.calls, page.next));
    Lines lines(screen_of(options_));
    if (page.calls.empty()) lines.add(0, "No calls.");
    for (const RecordedCall& call : page.calls)
        draw_call(lines, call, short_id(reviewer_.storage(), call.decision.request_id));
    add_next(lines, page.next);
    out_ << lines.text();
}

void TerminalReviewer::statistics(const Period& period) {
    const ReviewStatistics statistics = read_statistics(reviewer_.storage(), period);
    if (options_.json) return print(to_json_view(statistics));
    Lines lines(screen_of(options_));
    draw_statistics(lines, statistics);
    out_ << lines.text();
}

void TerminalReviewer::export_audit(AuditFormat format) {
    AuditQuery query{.request_id = {}, .limit = 500, .cursor = {}, .oldest_first = true, .settled = true};
    const AuditStart start = reviewer_.storage().audit_start();
    if (format == AuditFormat::csv) out_ << terminal::csv_header();
    // The files of archives tell what is in them, and what they left here.
    if (start.place > 0) query.cursor = std::to_string(start.place);
    if (start.place > 0 && format == AuditFormat::jsonl) out_ << export_head(start) << '\n';
    do {
        const AuditPage page = reviewer_.audit(query);
        for (const AuditEntry& entry : page.entries) {
            out_ << (format == AuditFormat::csv ? terminal::csv_row(entry) : record::export_line(entry) + "\n");
        }
        query.cursor = page.next;
    } while (!query.cursor.empty() && out_);
}

bool TerminalReviewer::verify_audit(const AuditCheck& check) {
    const std::int64_t mark = check.checkpoint ? check.checkpoint->sequence : 0;
    AuditReport report = reviewer_.storage().verify_audit(check.progress, mark);
    const terminal::ArchiveCheck archives = terminal::check_archives(reviewer_.storage(), check, report);
    terminal::Verification verification = verification_of(std::move(report), check);
    verification.archives = archives.count;
    verification.archive_objection = archives.objection;
    return tell(out_, options_, verification);
}

void TerminalReviewer::archive(Time before, const std::filesystem::path& file,
                               const std::function<void(std::int64_t)>& progress) {
    const ArchiveResult result = reviewer_.archive(before, file, progress);
    if (options_.json) return print(terminal::to_json_view(result));
    Lines lines(screen_of(options_));
    terminal::draw_archive(lines, result);
    out_ << lines.text();
}

void TerminalReviewer::hold(std::string_view id_or_prefix, std::string_view reason) {
    print_hold(reviewer_.hold(id_or_prefix, reason));
}

void TerminalReviewer::release_hold(std::string_view id_or_prefix) {
    print_hold(reviewer_.release_hold(id_or_prefix));
}

void TerminalReviewer::holds(bool all) {
    const std::vector<AuditHold> holds = reviewer_.storage().holds(all);
    if (options_.json) return print({{"holds", views(holds)}});
    Lines lines(screen_of(options_));
    terminal::draw_holds(lines, holds);
    out_ << lines.text();
}

void TerminalReviewer::print_hold(const AuditHold& hold) {
    if (options_.json) return print({{"hold", to_json_view(hold)}});
    Lines lines(screen_of(options_));
    terminal::draw_hold(lines, hold);
    out_ << lines.text();
}

bool TerminalReviewer::verify_export(std::istream& in, std::ostream& out, const Options& options,
                                     const AuditCheck& check) {
    const std::int64_t mark = check.checkpoint ? check.checkpoint->sequence : 0;
    std::optional<std::string> first;
    if (std::string line; std::getline(in, line)) first = std::move(line);
    if (first && begins_archive(*first)) {
        return tell(out, options, terminal::verification_of_archive(in, *first, mark, check));
    }
    record::ExportedAudit audit(mark);
    return tell(out, options, verification_of(audit.read(in, check.progress, first), check));
}

void TerminalReviewer::checkpoint(const std::function<void(std::int64_t)>& progress) {
    const AuditReport report = reviewer_.storage().verify_audit(progress);
    Checkpoint checkpoint = Checkpoint::of(report, options_.clock->now());
    if (reviewer_.signer() != nullptr) checkpoint.sign_with(*reviewer_.signer());
    out_ << checkpoint.line() << '\n' << std::flush;
}

void TerminalReviewer::watch(const std::stop_token& stop) {
    using review::Watch;
    review::Watch watch(reviewer_, options_.clock->now(),
                        [this](review::Watch::Event event, const ApprovalRequest& request) {
                            return print_event(event == review::Watch::Event::appeared, request);
                        });
    watch.run(stop);
}

bool TerminalReviewer::print_event(bool appeared, const ApprovalRequest& request) {
    if (options_.json) {
        print({{"event", appeared ? "appeared" : "ended"}, {"request", to_json_view(request)}});
        return static_cast<bool>(out_);
    }
    Lines lines(screen_of(options_));
    const std::string id = short_id(reviewer_.storage(), request.id);
    if (appeared) {
        draw_request(lines, request, id, terminal::Detail::queue);
        lines.add(0, "");
    } else {
        draw_request_line(lines, request, id);
    }
    return static_cast<bool>(out_ << lines.text() << std::flush);
}

void TerminalReviewer::print_decision(const ApprovalRequest& request) {
    if (options_.json) return print({{"request", to_json_view(request)}});
    Lines lines(screen_of(options_));
    draw_decision(lines, request, short_id(reviewer_.storage(), request.id));
    out_ << lines.text();
}

void TerminalReviewer::print_stop(const Stop& stop) {
    if (options_.json) return print({{"stop", to_json_view(stop)}});
    Lines lines(screen_of(options_));
    draw_stop(lines, stop);
    out_ << lines.text();
}

void TerminalReviewer::print(const Json& document) {
    out_ << terminal_json(document) << '\n' << std::flush;
}

}  // namespace approvekit
