#pragma once

#include "approvekit/json.hpp"

#include <initializer_list>
#include <map>
#include <string>
#include <vector>

namespace approvekit::policy {

/// The tests of one subject, all of which must hold. Points into the condition that they were read from.
struct SubjectTests {
    std::multimap<std::string, const Json*> tests;

    [[nodiscard]] bool has_any(std::initializer_list<const char*> names) const;
    /// Null if there is none of that name.
    [[nodiscard]] const Json* find(const char* name) const;
    /// Returns why no value passes all of them, or an empty text if one could.
    [[nodiscard]] std::string contradiction() const;
    /// Returns why numbers pass that may not be meant, or an empty text.
    [[nodiscard]] std::string open_bound() const;
    /// Whether every number above some bound passes, and none below it.
    [[nodiscard]] bool is_open_above() const;
    /// Whether no number below some bound passes.
    [[nodiscard]] bool is_bounded_below() const;
};

/// By subject; the elements of a list are a subject of their own, "args.to every".
using JointTests = std::map<std::string, SubjectTests>;

/// Returns what must hold at the same time for `when` to hold: one set of tests, or one for each alternative under an
/// `any`.
[[nodiscard]] std::vector<JointTests> alternatives_of(const Json& when);

}  // namespace approvekit::policy
