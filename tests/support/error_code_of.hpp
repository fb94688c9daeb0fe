#pragma once

#include "approvekit/error.hpp"
#include "support/catch.hpp"

#include <functional>

/// The code of the error that `work` throws. The test fails if it throws none.
inline approvekit::ErrorCode error_code_of(const std::function<void()>& work) {
    try {
        work();
    } catch (const approvekit::Error& error) {
        return error.code();
    }
    FAIL("nothing was thrown");
    return {};
}
