#include "approvekit/approve_kit.hpp"

#include "agent/agent.hpp"
#include "approvekit/error.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

namespace approvekit {
namespace {

/// Calls and permits share the agent too, but they are not kits. When the last kit goes, nobody is left who could use
/// the outcome of what still runs.
std::shared_ptr<detail::Agent> shared_by_kits(std::shared_ptr<detail::Agent> agent) {
    struct Kits {
        explicit Kits(std::shared_ptr<detail::Agent> shared) : agent(std::move(shared)), process(::getpid()) {}
        ~Kits() {
            if (process == ::getpid()) agent->running_calls().end_all();
        }
        Kits(const Kits&) = delete;
        Kits& operator=(const Kits&) = delete;

        std::shared_ptr<detail::Agent> agent;
        ::pid_t process;
    };
    const auto kits = std::make_shared<Kits>(std::move(agent));
    return {kits, kits->agent.get()};
}

/// Copying a kit while its last copy is being destroyed would destroy the shared part twice.
const std::shared_ptr<detail::Agent>& not_going(const std::shared_ptr<detail::Agent>& agent) {
    if (agent && agent.use_count() == 0) throw MisuseError("this kit is being destroyed, so it cannot be copied");
    return agent;
}

}  // namespace

void detail::require_distinct(std::span<const std::string> names) {
    for (auto name = names.begin(); name != names.end(); ++name) {
        if (std::find(names.begin(), name, *name) == name) continue;
        throw Error(ErrorCode::invalid_option, "guard(): two parameters are named " + *name);
    }
}

ApproveKit::ApproveKit(Policy policy, std::shared_ptr<Storage> storage)
    : ApproveKit(std::move(policy), std::move(storage), Options{}) {}

ApproveKit::ApproveKit(Policy policy, std::shared_ptr<Storage> storage, Options options)
    : agent_(
          shared_by_kits(std::make_shared<detail::Agent>(std::move(policy), std::move(storage), std::move(options)))) {}

ApproveKit::ApproveKit(const ApproveKit& other) : agent_(not_going(other.agent_)), call_(other.call_) {}

ApproveKit& ApproveKit::operator=(const ApproveKit& other) {
    return *this = ApproveKit(other);
}

Permit ApproveKit::admit(std::string_view tool_name, const Json& arguments, std::stop_token stop,
                         std::span<const std::string> order, CanStop can_stop) const {
    return agent_->submit(tool_name, arguments, {call_.get(), order, can_stop == CanStop::yes, true})
        .wait(std::move(stop));
}

PendingCall ApproveKit::submit(std::string_view tool_name, const Json& arguments, std::span<const std::string> order,
                               CanStop can_stop) const {
    return agent_->submit(tool_name, arguments, {call_.get(), order, can_stop == CanStop::yes, false});
}

ApproveKit ApproveKit::with(Call call) const {
    ApproveKit copy = *this;
    copy.call_ = std::make_shared<const Call>(std::move(call));
    return copy;
}

ArgumentsRefusedError ApproveKit::refuse_arguments(const std::string& tool_name, const Json& arguments,
                                                   std::string_view why) const {
    return agent_->refuse_arguments(tool_name, arguments, why);
}

void ApproveKit::tell_refused(const RefusedError& error) const {
    agent_->tell(error);
}

void ApproveKit::tell_refused(const PolicyError& error) const {
    agent_->tell(Event::Kind::policy_refused, {}, {},
                 std::string("a changed policy was not taken, and the one before it stays in force: ") + error.what());
}

Json ApproveKit::parse_arguments(std::string_view tool_name, std::string_view text) const {
    return agent_->parse(tool_name, text);
}

void ApproveKit::approve(std::string_view request_id, const CodeAnswer& answer) const {
    agent_->decide(Verdict::approve, request_id, answer.notes, answer.reviewer);
}

void ApproveKit::reject(std::string_view request_id, const CodeAnswer& answer) const {
    agent_->decide(Verdict::reject, request_id, answer.notes, answer.reviewer);
}

Stop ApproveKit::stop(const StopOrder& order, std::string_view reviewer) const {
    return agent_->storage()->stop(order, reviewer, "library");
}

Stop ApproveKit::resume(std::string_view stop_id, std::string_view reviewer) const {
    return agent_->storage()->resume(stop_id, reviewer, "library");
}

std::vector<Stop> ApproveKit::stops(StopList which) const {
    return agent_->storage()->stops(which);
}

void ApproveKit::reload(Policy policy) const {
    agent_->reload(std::move(policy));
}

Policy ApproveKit::policy() const {
    return agent_->policy();
}

Storage& ApproveKit::storage() const noexcept {
    return *agent_->storage();
}

}  // namespace approvekit
