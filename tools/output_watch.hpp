#pragma once

#include "stop_on_signal.hpp"

#include <thread>

namespace approvekit::tools {

/// Stops the program when nobody reads its output any more, also while it has nothing to say.
class OutputWatch {
public:
    /// `output` is a file; `stop` must outlive this.
    OutputWatch(int output, StopOnSignal& stop);

private:
    std::jthread thread_;
};

}  // namespace approvekit::tools
