#pragma once

#include "approvekit/outcome.hpp"
#include "approvekit/permit.hpp"

#include <exception>
#include <type_traits>
#include <utility>
#include <variant>

namespace approvekit::detail {

/// Runs `work` under `permit` and records how it ended.
template <typename Work>
std::invoke_result_t<Work&> run_under(Permit permit, Work&& work) {
    using Result = std::invoke_result_t<Work&>;
    try {
        if constexpr (std::is_void_v<Result>) {
            work();
            permit.executed();
        } else {
            Result result = work();
            permit.executed();
            return static_cast<Result>(std::forward<Result>(result));
        }
    } catch (const std::exception& error) {
        permit.failed(error.what());
        throw;
    } catch (...) {
        permit.failed("an exception that is not a std::exception");
        throw;
    }
}

/// Runs `work`; a refusal becomes a value.
template <typename Result, typename Work>
Outcome<Result> attempt(Work&& work) {
    try {
        if constexpr (std::is_void_v<Result>) {
            work();
            return std::monostate{};
        } else {
            return Outcome<Result>(work());
        }
    } catch (const RefusedError& error) {
        return describe(error);
    }
}

}  // namespace approvekit::detail
