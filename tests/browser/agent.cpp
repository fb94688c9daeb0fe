// A small agent for the browser tests: makes one guarded call and prints what happened to it.
//
//   browser_test_agent DATABASE POLICY TOOL ARGUMENTS [ERROR]
//
// POLICY and ARGUMENTS are JSON. The tool answers "done", or throws ERROR.

#include "approvekit/approvekit.hpp"

#include <exception>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

std::string call(const std::vector<std::string>& words) {
    const approvekit::ApproveKit kit(approvekit::Policy::from_json_text(words.at(1)),
                                     std::make_shared<approvekit::SqliteStorage>(words.at(0)));
    const auto tool = [&](const approvekit::Json&) -> std::string {
        if (words.size() > 4) throw std::runtime_error(words[4]);
        return "done";
    };
    const auto outcome = kit.try_call(words.at(2), words.at(3), tool);
    return outcome ? outcome.value() : outcome.refusal().message;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        std::cout << call({argv + 1, argv + argc}) << std::endl;
        return 0;
    } catch (const std::exception& error) {
        std::cout << error.what() << std::endl;
        return 1;
    }
}
