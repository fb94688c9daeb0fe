#include <approvekit/version.hpp>

#include <string>

#include "support/catch.hpp"

TEST_CASE("the linked library has the version of its headers") {
    const std::string expected = std::to_string(APPROVEKIT_VERSION_MAJOR) + "." +
                                 std::to_string(APPROVEKIT_VERSION_MINOR) + "." +
                                 std::to_string(APPROVEKIT_VERSION_PATCH);
    CHECK(approvekit::version() == expected);
}
