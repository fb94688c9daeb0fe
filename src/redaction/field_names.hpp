#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace approvekit::redaction {

/// Which members of a call's arguments a policy hides. Names compare folded, see text/fold.hpp.
///
/// Each field is the name of members at any depth. One with dots is a path from the top as well, in which arrays
/// do not count.
class FieldNames {
public:
    explicit FieldNames(const std::vector<std::string>& fields);

    FieldNames(const FieldNames&) = delete;
    FieldNames& operator=(const FieldNames&) = delete;

    /// What is left of the paths on the way down; refers to the field names.
    using Paths = std::vector<std::string_view>;

    [[nodiscard]] const Paths& paths() const noexcept { return paths_; }

    /// Whether the member `key` is hidden where `paths` are left.
    [[nodiscard]] bool hide(std::string_view key, const Paths& paths) const;

    /// What is left of `paths` below the member `key`.
    [[nodiscard]] static Paths below(std::string_view key, const Paths& paths);

    /// Whether `text`, which is not JSON but looks like it, seems to give a value to a hidden member.
    [[nodiscard]] bool seem_set_in(std::string_view text) const;

    /// Whether `key` is one of the names, or a step of a path.
    [[nodiscard]] bool mention(std::string_view key) const;

    [[nodiscard]] bool empty() const noexcept { return names_.empty(); }

private:
    std::vector<std::string> names_;  // folded, sorted
    Paths paths_;                     // those of them that have a dot
    Paths steps_;                     // all that are named between their dots, sorted
    Paths last_steps_;                // the names of the members that are hidden
};

/// Why `field` names no members, and what to write instead, as the end of a sentence that starts with it; empty when
/// it may name some.
[[nodiscard]] std::string field_fault(std::string_view field);

}  // namespace approvekit::redaction
