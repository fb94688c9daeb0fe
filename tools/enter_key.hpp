#pragma once

#include <functional>

namespace approvekit::tools {

/// Whether a person sees the output and can press Enter. A program that starts this one may share its terminal's input
/// with it, but then it captures the output.
[[nodiscard]] bool has_enter_key();

/// Waits until the file `stop` becomes readable, and calls `pressed`, unless it is empty, whenever Enter is pressed.
/// While the program runs in the background, input is left to others.
void answer_enter_key(int stop, const std::function<void()>& pressed);

}  // namespace approvekit::tools
