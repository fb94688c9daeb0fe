#include "approvekit/audit_archive.hpp"
#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "json/json_view.hpp"
#include "text/ascii.hpp"

#include <algorithm>
#include <utility>

namespace approvekit {
namespace {

constexpr std::string_view archive_purpose = "approvekit archive 1";

std::string with_prefix(const std::string& public_key) {
    return public_key.empty() ? std::string() : std::string(public_key_prefix) + public_key;
}

/// Throws Json::exception if a member is missing or of another type.
ArchiveAnchor read_anchor(const Json& json) {
    std::string key = json::text_at(json, "key");
    if (key.starts_with(public_key_prefix)) key.erase(0, public_key_prefix.size());
    ArchiveAnchor anchor;
    anchor.id = json::text_at(json, "id");
    anchor.file = json::text_at(json, "file");
    anchor.database = json::text_at(json, "database");
    anchor.from = json.at("from").get<std::int64_t>();
    anchor.before = json::text_at(json, "before");
    anchor.place = json.at("place").get<std::int64_t>();
    anchor.hash = json::text_at(json, "hash");
    anchor.entries = json.at("entries").get<std::int64_t>();
    anchor.rows = json.at("rows").get<std::int64_t>();
    anchor.digest = json::text_at(json, "digest");
    anchor.kept = json::text_at(json, "kept");
    anchor.until = parse_time(json::text_at(json, "until")).value_or(Time{});
    anchor.time = parse_time(json::text_at(json, "time")).value_or(Time{});
    anchor.reviewer = json::text_at(json, "reviewer");
    anchor.public_key = std::move(key);
    anchor.signature = json::text_at(json, "signature");
    return anchor;
}

std::optional<ArchiveAnchor> read_line_of_anchor(std::string_view line) {
    try {
        ArchiveAnchor anchor = read_anchor(parse_json(line));
        // A line that line() would write differently may mean something that is not understood here.
        if (anchor.line() == line) return anchor;
    } catch (const ArgumentsRefusedError&) {
        return std::nullopt;
    } catch (const Json::exception&) {
        return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

ArchiveAnchor ArchiveAnchor::parse(std::string_view line) {
    if (auto anchor = read_line_of_anchor(text::trimmed(line))) return *std::move(anchor);
    throw Error(ErrorCode::invalid_option, "this is not the line of an archive");
}

Json ArchiveAnchor::statement() const {
    return {{"statement", archive_purpose},
            {"id", id},
            {"file", file},
            {"database", database},
            {"from", from},
            {"before", json::text_or_null(before)},
            {"place", place},
            {"hash", hash},
            {"entries", entries},
            {"rows", rows},
            {"digest", digest},
            {"kept", kept},
            {"until", to_text(until)},
            {"time", to_text(time)},
            {"reviewer", json::text_or_null(reviewer)},
            {"key", json::text_or_null(with_prefix(public_key))}};
}

std::string ArchiveAnchor::line() const {
    Json json = statement();
    // Makes every change of a byte of the line noticeable, whether it is signed or not.
    json["check"] = to_hex(digest_of_fields({canonical_json(json), signature}));
    json["signature"] = json::text_or_null(signature);
    return canonical_json(json);
}

void ArchiveAnchor::sign_with(const Signer& signer) {
    reviewer = signer.name();
    public_key = signer.public_key();
    signature = signer.sign(canonical_json(statement()));
}

std::optional<std::string> ArchiveAnchor::doubt(const std::vector<TrustedReviewer>& trusted) const {
    if (!is_signed()) return "the archive is unsigned";
    const std::string text = canonical_json(statement());
    const bool vouched = std::any_of(trusted.begin(), trusted.end(), [&](const TrustedReviewer& one) {
        return (one.name.empty() || one.name == reviewer) && is_signed_by(one.public_key, text, signature);
    });
    if (vouched) return std::nullopt;
    return "the archive has no signature of a trusted key, or was changed since it was signed";
}

Json to_json_view(const ArchiveAnchor& anchor) {
    return {{"id", anchor.id},
            {"file", anchor.file},
            {"from", anchor.from},
            {"place", anchor.place},
            {"hash", anchor.hash},
            {"entries", anchor.entries},
            {"rows", anchor.rows},
            {"digest", anchor.digest},
            {"until", to_text(anchor.until)},
            {"time", to_text(anchor.time)},
            {"reviewer", json::text_or_null(anchor.reviewer)},
            {"signed", anchor.is_signed()}};
}

Json to_json_view(const AuditHold& hold) {
    return {{"subject", hold.subject},
            {"reason", hold.reason},
            {"reviewer", hold.reviewer},
            {"way", hold.way},
            {"since", to_text(hold.since)},
            {"ended_at", json::text_or_null(hold.ended_at)},
            {"ended_by", json::text_or_null(hold.ended_by)},
            {"ended_way", json::text_or_null(hold.ended_way)}};
}

}  // namespace approvekit
