#include "postgres/own_server.hpp"

#include "support/child_process.hpp"

#include <chrono>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>

namespace approvekit::testing {

OwnServer::OwnServer() : file_(directory_.path() / "server") {
    run("start");
}

OwnServer::~OwnServer() {
    try {
        run("stop");
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
    }
}

std::string OwnServer::connection() const {
    std::ifstream told(file_);
    std::string line;
    std::getline(told, line);
    return line;
}

void OwnServer::run(const char* action) const {
    ChildProcess script({APPROVEKIT_TESTS_DIRECTORY "/postgres/cluster", action, file_.string()});
    if (script.wait(std::chrono::minutes{3}) != 0) throw std::runtime_error(script.error_output());
}

}  // namespace approvekit::testing
