#include "policy/file_path.hpp"

#include "policy/value_test.hpp"
#include "text/fold.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include <sys/stat.h>

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

/// Returns how many of the steps lead to something that exists, even if that is a link to nowhere. Returns nothing if
/// that cannot be determined.
std::optional<std::size_t> existing_steps(const std::vector<std::string_view>& steps) {
    for (std::size_t count = steps.size(); count > 0; --count) {
        struct stat status {};
        if (::lstat(joined(steps, count).c_str(), &status) == 0) return count;
        if (errno != ENOENT) return std::nullopt;
    }
    return 0;
}

bool is_within(std::string_view path, std::string_view folder) {
    return path == folder || folder == "/" ||
           (path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/');
}

/// Some file systems treat names as the same if they differ only in case or in how letters are composed.
Truth within_folder(const std::string& path, const std::string& folder) {
    if (is_within(path, folder)) return Truth::yes;
    const bool may_be_same = !text::has_normal_form(path) || is_within(text::folded(path), text::folded(folder));
    return may_be_same ? Truth::unknown : Truth::no;
}

class PathTest final : public ValueTest {
public:
    explicit PathTest(std::vector<std::string> folders) : folders_(std::move(folders)) {}

    /// Judges the path by its text and by where its links lead. If the two differ, nobody knows which one the tool
    /// follows.
    [[nodiscard]] Truth judge(const Json& value) const override {
        if (!value.is_string()) return Truth::unknown;
        const auto& path = value.get_ref<const std::string&>();
        const auto as_written = normal_path(path);
        const auto as_linked = as_written ? resolved_path(path) : std::nullopt;
        if (!as_linked) return Truth::unknown;
        Truth truth = Truth::no;
        for (const std::string& folder : folders_)
            truth = either(truth, judge_folder(*as_written, *as_linked, folder));
        return truth;
    }

private:
    [[nodiscard]] static Truth judge_folder(const std::string& as_written, const std::string& as_linked,
                                            const std::string& folder) {
        const auto linked_folder = resolved_path(folder);
        if (!linked_folder) return Truth::unknown;
        const Truth linked = within_folder(as_linked, *linked_folder);
        const Truth written = either(within_folder(as_written, folder), within_folder(as_written, *linked_folder));
        return linked == written ? linked : Truth::unknown;
    }

    std::vector<std::string> folders_;
};

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

ValueTestPtr path_under(std::vector<std::string> folders) {
    return std::make_shared<PathTest>(std::move(folders));
}

}  // namespace approvekit::policy
