#include "postgres/cluster.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace approvekit::testing {

namespace {

constexpr const char* script_path = APPROVEKIT_TESTS_DIRECTORY "/postgres/cluster";

std::array<int, 2> pipe_ends() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    return ends;
}

std::string line_from(int descriptor) {
    std::string line;
    char character = 0;
    while (::read(descriptor, &character, 1) == 1 && character != '\n')
        line += character;
    ::close(descriptor);
    return line;
}

}  // namespace

const Cluster& Cluster::shared() {
    static const Cluster cluster;
    return cluster;
}

Cluster::Cluster() {
    if (const char* const file = std::getenv("APPROVEKIT_TEST_CLUSTER")) {
        std::ifstream told(file);
        std::getline(told, connection_);
    }
    if (!connection_.empty()) return;
    const std::array<int, 2> input = pipe_ends();
    const std::array<int, 2> output = pipe_ends();
    if (::fork() == 0) {
        ::dup2(input[0], STDIN_FILENO);
        ::dup2(output[1], STDOUT_FILENO);
        ::execl(script_path, script_path, "attend", nullptr);
        ::_exit(127);
    }
    ::close(input[0]);
    ::close(output[1]);
    input_ = input[1];
    connection_ = line_from(output[0]);
    if (connection_.empty()) throw std::runtime_error("there is no PostgreSQL server for the tests");
}

std::string Cluster::connection_to(const std::string& database) const {
    return with_database(connection_, database);
}

std::string with_database(const std::string& connection, const std::string& database) {
    return connection.substr(0, connection.rfind("dbname=")) + "dbname=" + database;
}

}  // namespace approvekit::testing
