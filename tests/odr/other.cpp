#include "every_public_header.hpp"

std::string_view version_seen_by_other();

std::string_view version_seen_by_other() {
    return approvekit::version();
}
