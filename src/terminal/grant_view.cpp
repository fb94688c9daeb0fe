#include "terminal/grant_view.hpp"

#include "terminal/arguments_view.hpp"
#include "terminal/edit_view.hpp"
#include "terminal/request_view.hpp"
#include "terminal/short_text.hpp"

#include <cstddef>
#include <string_view>

namespace approvekit::terminal {
namespace {

constexpr std::size_t short_grant_id = 8;
constexpr std::size_t grant_label = 6;

std::string end_text(const Screen& screen, const Grant& grant) {
    if (grant.revoked_at) {
        return "revoked " + actor_text(screen, grant.revoked_by, grant.revoked_way) + ", " +
               moment_text(*grant.revoked_at);
    }
    const auto left = grant.terms.until - screen.now;
    if (left.count() <= 0) return "ended " + moment_text(grant.terms.until);
    return "for " + duration_text(left) + " still, until " + moment_text(grant.terms.until);
}

}  // namespace

void draw_grant(Lines& lines, const Grant& grant) {
    const Screen& screen = lines.screen();
    const GrantTerms& terms = grant.terms;
    std::string text = "Grant  " + screen.name(std::string_view(grant.id).substr(0, short_grant_id)) + "  " +
                       screen.name(grant.tool_name) + " of " + screen.name(grant.agent) + "  " +
                       actor_text(screen, grant.reviewer, grant.way) + (grant.is_signed ? ", signed" : "") + ", " +
                       moment_text(grant.since);
    lines.add(0, text, grant.is_live(screen.now) ? Colour::green : Colour::plain, 4);
    lines.add_row(4, "used", grant_label,
                  std::to_string(grant.used) + " of " + std::to_string(terms.uses) + "; " + end_text(screen, grant));
    if (!terms.free.empty()) lines.add_row(4, "free", grant_label, listed_paths(screen, terms.free));
    if (!terms.bounds.empty()) lines.add_row(4, "within", grant_label, screen.quote(terms.bounds.dump()));
    draw_arguments(lines, 4, grant.tool_args, {});
}

void draw_grants(Lines& lines, const std::vector<Grant>& grants) {
    if (grants.empty()) lines.add(0, "No grants.");
    for (const Grant& grant : grants)
        draw_grant(lines, grant);
}

std::string grantable_text(const Screen& screen, const PolicyGrants& most) {
    std::string text = "up to " + std::to_string(most.uses) + " more like it within " + duration_text(most.lasts);
    return most.bounds.empty() ? text : text + ", which may differ in " + listed_paths(screen, most.bounds);
}

}  // namespace approvekit::terminal
