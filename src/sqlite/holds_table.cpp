#include "sqlite/holds_table.hpp"

#include "sqlite/stored_json.hpp"

#include <algorithm>

namespace approvekit::sqlite {

namespace {

std::vector<std::string> read_ids(Rows rows) {
    std::vector<std::string> ids;
    while (rows.next())
        ids.push_back(rows.text(0));
    return ids;
}

}  // namespace

void HoldsTable::insert(const ApprovalRequest& request, const HoldBinding& binding) {
    const std::string redactions = Json(request.redactions).dump();
    const std::string deadline = to_text(request.deadline.value_or(request.created_at));
    insert_.run(request.id, binding.session, request.agent, request.nonce, request.action_digest, request.view_digest,
                request.policy_digest, redactions, deadline, binding.boot_id, binding.boot_deadline, request.id);
}

void HoldsTable::close(const std::string& id, RunState state, const std::string& note, const std::string& at) {
    close_.run(to_string(state), note, at, id);
}

void HoldsTable::start(const std::string& id, const std::string& at) {
    start_.run(at, id);
}

std::vector<std::string> HoldsTable::due(const std::string& now, const std::string& boot_id,
                                         std::chrono::microseconds since_boot) {
    std::vector<std::string> ids = read_ids(due_.rows(now));
    for (std::string& id : read_ids(boot_due_.rows(boot_id, static_cast<std::int64_t>(since_boot.count())))) {
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
    }
    return ids;
}

std::vector<std::string> HoldsTable::open_of(std::int64_t session) {
    return read_ids(open_of_.rows(session));
}

std::optional<SubmittedView> HoldsTable::submitted(std::string_view id) {
    Rows rows = submitted_.rows(id);
    if (!rows.next()) return std::nullopt;
    return SubmittedView{.tool_name = rows.text(0),
                         .tool_args = stored_json(rows.text(1)),
                         .created_at = parse_time(rows.bytes(2)).value_or(Time{}),
                         .metadata = stored_json(rows.text(3))};
}

std::string HoldsTable::started_at(std::string_view id) {
    Rows rows = started_at_.rows(id);
    return rows.next() ? rows.text(0) : std::string();
}

std::vector<std::string> HoldsTable::orphans() {
    return read_ids(orphans_.rows());
}

}  // namespace approvekit::sqlite
