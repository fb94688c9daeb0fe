#pragma once

namespace approvekit::base {

/// For the calling thread, one of ours. The program's signals are for its own threads. Faults stay deliverable, so that
/// they are reported as such.
void leave_signals_to_others() noexcept;

}  // namespace approvekit::base
