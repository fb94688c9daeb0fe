#pragma once

#include <functional>

namespace approvekit::tools {

/// Whether a person sees what is printed and can press Enter. A program that starts this one may well share its
/// terminal's input with it, but then takes its output.
[[nodiscard]] bool has_enter_key();

/// Waits until the file `stop` becomes readable, and calls `pressed`, unless it is empty, whenever Enter is pressed.
/// While the program runs in the background what is typed is left to others.
void answer_enter_key(int stop, const std::function<void()>& pressed);

}  // namespace approvekit::tools
