#pragma once

#include <coroutine>
#include <exception>

namespace approvekit::testing {

/// A coroutine that runs by itself and returns nothing. Its caller sees what it wrote.
struct RunningCoroutine {
    struct promise_type {
        RunningCoroutine get_return_object() { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() { std::terminate(); }
    };
};

}  // namespace approvekit::testing
