#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace approvekit::redaction {

/// The members of a call's arguments that a policy hides. Names are compared folded, see text/fold.hpp.
///
/// Each field is the name of members at any depth. A field with dots is also a path from the top, in which arrays do
/// not count as steps.
class FieldNames {
public:
    explicit FieldNames(const std::vector<std::string>& fields);

    FieldNames(const FieldNames&) = delete;
    FieldNames& operator=(const FieldNames&) = delete;

    /// What remains of the paths at the current level of a walk. Refers into the FieldNames object.
    using Paths = std::vector<std::string_view>;

    [[nodiscard]] const Paths& paths() const noexcept { return paths_; }

    /// Whether the member `key` is hidden at a place where `paths` remain.
    [[nodiscard]] bool hide(std::string_view key, const Paths& paths) const;

    /// Returns what remains of `paths` below the member `key`.
    [[nodiscard]] static Paths below(std::string_view key, const Paths& paths);

    /// Whether `text`, which looks like JSON but is not, seems to give a value to a hidden member.
    [[nodiscard]] bool seem_set_in(std::string_view text) const;

    /// Whether `key` is one of the names, or a step of a path.
    [[nodiscard]] bool mention(std::string_view key) const;

    [[nodiscard]] bool empty() const noexcept { return names_.empty(); }

private:
    std::vector<std::string> names_;  // folded and sorted
    Paths paths_;                     // the names that contain a dot
    Paths steps_;                     // all parts of the names between dots, sorted
    Paths last_steps_;                // the names of the hidden members themselves: the last part of each name
};

/// Returns why `field` names no members and what to write instead, as the end of a sentence that starts with the field.
/// Empty if it may name some.
[[nodiscard]] std::string field_fault(std::string_view field);

}  // namespace approvekit::redaction
