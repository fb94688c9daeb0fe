#include "policy/value_test.hpp"

#include "policy/file_path.hpp"
#include "text/fold.hpp"

#include <algorithm>
#include <utility>

namespace approvekit::policy {
namespace {

bool is_within(std::string_view path, std::string_view folder) {
    return path == folder || folder == "/" ||
           (path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/');
}

/// Some file systems take names for the same that differ in case or in how letters are composed.
Truth within_folder(const std::string& path, const std::string& folder) {
    if (is_within(path, folder)) return Truth::yes;
    return is_within(text::folded(path), text::folded(folder)) ? Truth::unknown : Truth::no;
}

class PathTest final : public ValueTest {
public:
    explicit PathTest(std::vector<std::string> folders) : folders_(std::move(folders)) {}

    /// By its text and by where its links lead. Where the two differ, it is not known which one the tool follows.
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

ValueTestPtr path_under(std::vector<std::string> folders) {
    return std::make_shared<PathTest>(std::move(folders));
}

}  // namespace approvekit::policy
