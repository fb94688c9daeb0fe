#include "approvekit/permit.hpp"

#include "agent/agent.hpp"
#include "text/shortened.hpp"

#include <utility>

namespace approvekit {

Permit::Permit(std::unique_ptr<Run> run) noexcept : run_(std::move(run)) {}

Permit::Permit(Permit&&) noexcept = default;

Permit::~Permit() {
    finish(RunState::failed, "the program never said how the run ended");
}

void Permit::executed() noexcept {
    finish(RunState::executed, {});
}

void Permit::failed(std::string_view error) noexcept {
    finish(RunState::failed, error);
}

void Permit::finish(RunState state, std::string_view note) noexcept {
    if (!run_) return;
    const std::unique_ptr<Run> run = std::move(run_);
    try {
        run->outcome.state = state;
        run->outcome.note = shortened(run->scrubber.scrub(note), maximum_outcome_note_bytes);
        run->storage->finish(std::move(run->outcome));
    } catch (const std::exception&) {
        // The tool has run and its result must reach the caller. The record still says that it may be running,
        // and will say unknown, which is true.
    }
}

}  // namespace approvekit
