#include "sqlite/bindings_table.hpp"

#include "record/request_rows.hpp"
#include "record/run_rows.hpp"

#include <algorithm>

namespace approvekit::sqlite {

using record::read_texts;

void BindingsTable::insert(const ApprovalRequest& request, const record::Binding& binding) {
    const std::string redactions = Json(request.redactions).dump();
    const std::string deadline = to_text(request.deadline.value_or(request.created_at));
    insert_.run(request.id, binding.session, request.agent, request.nonce, request.action_digest, request.view_digest,
                request.policy_digest, redactions, deadline, binding.boot_id, binding.boot_deadline, request.id);
}

void BindingsTable::close(const std::string& id, RunState state, const std::string& note, const std::string& at) {
    close_.run(to_string(state), note, at, id);
}

void BindingsTable::bind(const std::string& id, std::int64_t session) {
    bind_.run(session, id);
}

void BindingsTable::keep_deadline_in(const std::string& boot_id, const std::string& id, std::int64_t boot_deadline) {
    keep_deadline_.run(boot_id, boot_deadline, id);
}

void BindingsTable::start(const std::string& id, const std::string& at) {
    start_.run(at, id);
}

void BindingsTable::set_boot_deadline(const std::string& id, std::int64_t boot_deadline) {
    set_boot_deadline_.run(boot_deadline, id);
}

std::vector<std::string> BindingsTable::due(const record::Moment& moment) {
    std::vector<std::string> ids = read_texts(due_.rows(moment.text));
    const auto since_boot = static_cast<std::int64_t>(moment.since_boot.count());
    for (std::string& id : read_texts(boot_due_.rows(moment.boot_id, since_boot))) {
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
    }
    return ids;
}

std::vector<std::string> BindingsTable::decided_before(const record::Moment& moment) {
    return read_texts(decided_before_.rows(moment.text));
}

std::vector<std::string> BindingsTable::open_of(std::int64_t session) {
    return read_texts(open_of_.rows(session));
}

std::vector<std::string> BindingsTable::left_in_other_boots(const std::string& boot_id) {
    return read_texts(left_in_other_boots_.rows(boot_id));
}

std::optional<SubmittedView> BindingsTable::submitted(std::string_view id) {
    return record::read_first(submitted_.rows(id), [](const Rows& row) { return record::read_view(row); });
}

std::optional<record::StoredRun> BindingsTable::run_of(std::string_view id) {
    return record::read_first(run_of_.rows(id), record::read_run<Rows>);
}

std::vector<std::string> BindingsTable::orphans() {
    return read_texts(orphans_.rows());
}

}  // namespace approvekit::sqlite
