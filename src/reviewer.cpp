#include "approvekit/reviewer.hpp"

#include "approvekit/error.hpp"
#include "utf8.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace approvekit {
namespace {

constexpr std::size_t maximum_name_bytes = 200;
constexpr std::size_t minimum_prefix_length = 4;

bool is_control(char character) {
    const auto byte = static_cast<unsigned char>(character);
    return byte < 0x20 || byte == 0x7F;
}

/// U+0080 to U+009F, which terminals obey as they do escape sequences.
bool has_c1_control(std::string_view text) {
    for (auto at = text.find('\xC2'); at != std::string_view::npos; at = text.find('\xC2', at + 1)) {
        if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0) return true;
    }
    return false;
}

void check_name(std::string_view name) {
    const auto refuse = [](const std::string& why) {
        throw Error(ErrorCode::invalid_option, "the reviewer's name " + why + "; name the person who decides");
    };
    if (name.empty()) refuse("is empty");
    if (name.size() > maximum_name_bytes) refuse("is longer than " + std::to_string(maximum_name_bytes) + " bytes");
    if (!is_utf8(name)) refuse("is not UTF-8");
    if (std::any_of(name.begin(), name.end(), is_control) || has_c1_control(name)) refuse("has control characters");
}

void check_notes(std::string_view notes) {
    const auto refuse = [](const std::string& why) { throw Error(ErrorCode::invalid_option, "the note " + why); };
    if (notes.size() > maximum_note_bytes) {
        refuse("has " + std::to_string(notes.size()) + " bytes; at most " + std::to_string(maximum_note_bytes) +
               " are kept");
    }
    if (notes.find('\0') != std::string_view::npos) refuse("holds a NUL character");
    if (!is_utf8(notes)) refuse("is not UTF-8");
}

/// What a person typed, short enough for a message.
std::string in_quotes(std::string_view text) {
    constexpr std::size_t longest = 64;
    return "'" + std::string(text.substr(0, longest)) + (text.size() > longest ? "..." : "") + "'";
}

}  // namespace

Reviewer::Reviewer(std::shared_ptr<Storage> storage, std::string name, std::string way)
    : storage_(std::move(storage)), name_(std::move(name)), way_(std::move(way)) {
    check_name(name_);
}

void Reviewer::sign_with(std::shared_ptr<const DecisionSigner> signer) {
    if (signer->name() != name_) {
        throw Error(ErrorCode::invalid_option,
                    "the key belongs to " + in_quotes(signer->name()) + ", not to the reviewer " + in_quotes(name_));
    }
    signer_ = std::move(signer);
}

ApprovalRequest Reviewer::approve(std::string_view id_or_prefix, std::string_view notes, std::string_view seen) {
    return decide(Verdict::approve, id_or_prefix, notes, seen);
}

ApprovalRequest Reviewer::reject(std::string_view id_or_prefix, std::string_view notes, std::string_view seen) {
    return decide(Verdict::reject, id_or_prefix, notes, seen);
}

ApprovalRequest Reviewer::find(std::string_view id_or_prefix) {
    const std::string id = resolve(id_or_prefix);
    if (auto request = storage_->find(id)) return *std::move(request);
    throw DecisionError(ErrorCode::not_found, "the request " + in_quotes(id) + " is gone");
}

RequestPage Reviewer::list(const RequestQuery& query) {
    storage_->sweep();
    return storage_->list(query);
}

AuditPage Reviewer::audit(const AuditQuery& query) {
    return storage_->audit(query);
}

ApprovalRequest Reviewer::decide(Verdict verdict, std::string_view id_or_prefix, std::string_view notes,
                                 std::string_view seen) {
    check_notes(notes);
    Decision decision{.request_id = resolve(id_or_prefix),
                      .verdict = verdict,
                      .reviewer = name_,
                      .way = way_,
                      .notes = std::string(notes),
                      .view_digest = std::string(seen),
                      .signature = std::nullopt};
    if (signer_) decision.signature = signer_->sign(decision, find(decision.request_id));
    return storage_->decide(decision);
}

std::string Reviewer::resolve(std::string_view id_or_prefix) {
    if (!id_or_prefix.empty() && storage_->find(id_or_prefix)) return std::string(id_or_prefix);
    if (id_or_prefix.size() < minimum_prefix_length) {
        throw DecisionError(ErrorCode::not_found, "no request has the id " + in_quotes(id_or_prefix) +
                                                      "; the start of an id needs at least " +
                                                      std::to_string(minimum_prefix_length) + " characters");
    }
    const std::vector<std::string> ids = storage_->find_ids(id_or_prefix, 2);
    if (ids.empty()) throw DecisionError(ErrorCode::not_found, "no request has the id " + in_quotes(id_or_prefix));
    if (ids.size() > 1) {
        throw DecisionError(ErrorCode::ambiguous,
                            "several requests start with " + in_quotes(id_or_prefix) + "; give more characters");
    }
    return ids.front();
}

std::string login_name() {
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) {
        return "unknown";
    }
    return *found->pw_name == '\0' ? "unknown" : found->pw_name;
}

}  // namespace approvekit
