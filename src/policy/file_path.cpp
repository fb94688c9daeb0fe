#include "policy/file_path.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <vector>

namespace approvekit::policy {
namespace {

std::vector<std::string_view> steps_of(std::string_view path) {
    std::vector<std::string_view> steps;
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        const std::string_view step = path.substr(0, slash);
        if (!step.empty() && step != ".") steps.push_back(step);
        path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    }
    return steps;
}

std::string joined(const std::vector<std::string_view>& steps, std::size_t count) {
    std::string path;
    for (std::size_t index = 0; index < count; ++index)
        path.append("/").append(steps[index]);
    return path.empty() ? "/" : path;
}

std::optional<std::string> real_path(const std::string& path) {
    const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), std::free);
    return real ? std::optional<std::string>(real.get()) : std::nullopt;
}

/// How many of the steps lead to something that exists, be it a link to nowhere; nothing where nobody can tell.
std::optional<std::size_t> existing_steps(const std::vector<std::string_view>& steps) {
    for (std::size_t count = steps.size(); count > 0; --count) {
        struct stat status {};
        if (::lstat(joined(steps, count).c_str(), &status) == 0) return count;
        if (errno != ENOENT) return std::nullopt;
    }
    return 0;
}

}  // namespace

std::optional<std::string> normal_path(std::string_view path) {
    if (!path.starts_with('/') || path.find('\0') != std::string_view::npos) return std::nullopt;
    std::vector<std::string_view> kept;
    for (const std::string_view step : steps_of(path)) {
        if (step != "..") {
            kept.push_back(step);
        } else if (kept.empty()) {
            return std::nullopt;
        } else {
            kept.pop_back();
        }
    }
    return joined(kept, kept.size());
}

std::optional<std::string> resolved_path(const std::string& path) {
    const std::vector<std::string_view> steps = steps_of(path);
    const auto existing = existing_steps(steps);
    if (!existing) return std::nullopt;
    auto real = real_path(joined(steps, *existing));
    for (std::size_t index = *existing; real && index < steps.size(); ++index) {
        if (steps[index] == "..") return std::nullopt;
        if (*real != "/") real->append("/");
        real->append(steps[index]);
    }
    return real;
}

}  // namespace approvekit::policy
