#include "policy/edit_paths.hpp"

#include "policy/subject.hpp"

#include <optional>
#include <utility>

namespace approvekit::policy {
namespace {

constexpr std::size_t most_edit_paths = 64;
constexpr std::size_t most_edit_path_bytes = 256;

/// Why it may not stand beside those before it; empty: it may.
std::string fault_of_edit_path(const Subject& subject, const std::vector<Subject>& before, const std::string& may) {
    for (const Subject& other : before) {
        if (other.covers(subject)) return "lies in " + quote(other.text()) + ", which may " + may + " as a whole";
        if (subject.covers(other))
            return "holds " + quote(other.text()) + ", which may " + may + " alone; name one of them";
    }
    return "";
}

}  // namespace

std::vector<std::string> read_argument_paths(const ValueReader& values, const Node& value, const std::string& path,
                                             const std::string& may) {
    const auto* const items = values.list(value, path, "arguments");
    if (items == nullptr) return {};
    if (items->empty()) values.report(value, path, "names nothing; leave it out where nothing may " + may);
    if (items->size() > most_edit_paths) {
        values.report(value, path, "has more than " + std::to_string(most_edit_paths) + " arguments");
        return {};
    }
    std::vector<std::string> paths;
    std::vector<Subject> subjects;
    for (std::size_t index = 0; index < items->size(); ++index) {
        const Node& item = (*items)[index];
        const std::string place = child_path(path, index);
        const auto text = values.name(item, place, most_edit_path_bytes);
        if (!text) continue;
        auto subject = Subject::parse(*text);
        if (!subject || !subject->is_argument()) {
            values.report(item, place, quote(*text) + " is not an argument; they are written args.body, args.files[0]");
            continue;
        }
        if (const std::string fault = fault_of_edit_path(*subject, subjects, may); !fault.empty())
            values.report(item, place, quote(*text) + " " + fault);
        subjects.push_back(*std::move(subject));
        paths.push_back(*text);
    }
    return paths;
}

}  // namespace approvekit::policy
