#include <approvekit/version.hpp>

#define APPROVEKIT_TEXT_OF(value) #value
#define APPROVEKIT_DOTTED(major, minor, patch) \
    APPROVEKIT_TEXT_OF(major) "." APPROVEKIT_TEXT_OF(minor) "." APPROVEKIT_TEXT_OF(patch)

namespace approvekit {

std::string_view version() noexcept {
    return APPROVEKIT_DOTTED(APPROVEKIT_VERSION_MAJOR, APPROVEKIT_VERSION_MINOR, APPROVEKIT_VERSION_PATCH);
}

}  // namespace approvekit
