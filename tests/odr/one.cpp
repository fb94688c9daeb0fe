#include "every_public_header.hpp"

std::string_view version_seen_by_other();

int main() {
    return version_seen_by_other() == approvekit::version() ? 0 : 1;
}
