// Replaces server_kills.cpp in a build without libpq or on a machine without a PostgreSQL server.
#include "server_kills.hpp"

#include <stdexcept>

namespace approvekit::testing {
namespace {

[[noreturn]] void refuse() {
    throw std::runtime_error("this was built without PostgreSQL; 'tools/bootstrap build tests' installs it");
}

}  // namespace

void keep_records_on_server(int /*lanes*/) {
    refuse();
}

bool end_connections(const std::filesystem::path& /*directory*/, int /*count*/, unsigned /*seed*/) {
    refuse();
}

bool crash_server(const std::filesystem::path& /*directory*/, int /*lanes*/, int /*count*/, unsigned /*seed*/) {
    refuse();
}

bool promote_standbys(const std::filesystem::path& /*directory*/, int /*lanes*/, int /*count*/, unsigned /*seed*/) {
    refuse();
}

}  // namespace approvekit::testing
