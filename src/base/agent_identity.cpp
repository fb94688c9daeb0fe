#include "base/agent_identity.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <system_error>

#include <unistd.h>

namespace approvekit::base {
namespace {

/// The parts of /proc/<pid>/stat that tell processes apart.
struct ProcessStatus {
    char state = '?';
    long threads = 0;
    std::uint64_t start_time = 0;

    /// A killed process stays in /proc until its parent waits for it. A process whose main thread alone has ended shows
    /// the same state, but its other threads still run.
    [[nodiscard]] bool is_dead() const noexcept { return (state == 'Z' || state == 'X') && threads <= 1; }
};

std::string first_line(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

std::string link_target(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::read_symlink(path, ignored).string();
}

std::optional<ProcessStatus> read_status(const std::string& process) {
    const auto line = first_line("/proc/" + process + "/stat");
    // The program's name comes first and may itself contain spaces and brackets.
    const auto name_end = line.rfind(')');
    if (name_end == std::string::npos) return std::nullopt;
    std::istringstream fields(line.substr(name_end + 1));
    constexpr int between_state_and_threads = 16;
    std::string skipped;
    ProcessStatus status;
    fields >> status.state;
    for (int field = 0; field < between_state_and_threads; ++field)
        fields >> skipped;
    fields >> status.threads >> skipped >> status.start_time;
    if (!fields) return std::nullopt;
    return status;
}

std::string host_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string current_boot() {
    auto id = first_line("/proc/sys/kernel/random/boot_id");
    return id.empty() ? host_name() : id;
}

/// Returns 0 if /proc is missing or belongs to another PID namespace, whose process ids differ.
std::uint64_t current_start_time(std::int64_t pid) {
    if (link_target("/proc/self") != std::to_string(pid)) return 0;
    const auto status = read_status("self");
    return status ? status->start_time : 0;
}

}  // namespace

AgentIdentity AgentIdentity::current() {
    AgentIdentity identity;
    identity.boot_id = current_boot();
    identity.pid_namespace = link_target("/proc/self/ns/pid");
    identity.pid = ::getpid();
    identity.start_time = current_start_time(identity.pid);
    return identity;
}

bool has_exited(const AgentIdentity& agent, const AgentIdentity& observer) {
    if (agent.boot_id != observer.boot_id || agent.pid_namespace != observer.pid_namespace) return false;
    if (agent.pid <= 0 || agent.pid > std::numeric_limits<::pid_t>::max()) return true;
    if (::kill(static_cast<::pid_t>(agent.pid), 0) != 0 && errno == ESRCH) return true;
    if (agent.start_time == 0 || observer.start_time == 0) return false;
    const auto status = read_status(std::to_string(agent.pid));
    return status && (status->start_time != agent.start_time || status->is_dead());
}

}  // namespace approvekit::base
