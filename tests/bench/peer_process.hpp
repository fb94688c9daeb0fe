#pragma once

#include "support/child_process.hpp"

#include <chrono>
#include <filesystem>
#include <string>

namespace approvekit::bench {

/// A running approvekit-bench-peer, which answers each line with one line.
class PeerProcess {
public:
    PeerProcess(const std::string& mode, const std::filesystem::path& database)
        : process_({APPROVEKIT_BENCH_PEER, mode, database.string()}) {}
    PeerProcess(const std::string& mode, const std::filesystem::path& database, int count)
        : process_({APPROVEKIT_BENCH_PEER, mode, database.string(), std::to_string(count)}) {}

    void tell(const std::string& line) { process_.write(line + "\n"); }

    /// Returns the next line that it prints.
    std::string answer(std::chrono::milliseconds patience = testing::ChildProcess::patience) {
        process_.wait_for_output("\n", read_, patience);
        const auto end = process_.output().find('\n', read_);
        std::string line = process_.output().substr(read_, end - read_);
        read_ = end + 1;
        return line;
    }

    std::chrono::nanoseconds answered_time() { return std::chrono::nanoseconds{std::stoll(answer())}; }

private:
    testing::ChildProcess process_;
    std::size_t read_ = 0;
};

}  // namespace approvekit::bench
