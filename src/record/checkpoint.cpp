#include "approvekit/checkpoint.hpp"

#include "approvekit/error.hpp"
#include "json/json_view.hpp"
#include "text/ascii.hpp"

#include <utility>

namespace approvekit {
namespace {

constexpr std::string_view checkpoint_purpose = "approvekit checkpoint 1";

/// Throws Json::exception if a member is missing or has another type.
Checkpoint read_checkpoint(const Json& json) {
    std::string key = json::text_at(json, "key");
    if (key.starts_with(public_key_prefix)) key.erase(0, public_key_prefix.size());
    return {.database = json::text_at(json, "database"),
            .sequence = json.at("sequence").get<std::int64_t>(),
            .head = json::text_at(json, "head"),
            .time = parse_time(json::text_at(json, "time")).value_or(Time{}),
            .reviewer = json::text_at(json, "reviewer"),
            .public_key = std::move(key),
            .signature = json::text_at(json, "signature")};
}

std::optional<Checkpoint> read_line(std::string_view line) {
    try {
        Checkpoint checkpoint = read_checkpoint(parse_json(line));
        // A line that line() would write differently may have a meaning that this version does not know.
        if (checkpoint.line() == line) return checkpoint;
    } catch (const ArgumentsRefusedError&) {
        return std::nullopt;
    } catch (const Json::exception&) {
        return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

Checkpoint Checkpoint::of(const AuditReport& report, Time time) {
    if (report.fault) {
        throw StorageError(ErrorCode::storage_corrupt,
                           "the record is not intact: " + report.fault->subject() + ": " + report.fault->what);
    }
    if (report.entries == 0) throw Error(ErrorCode::invalid_option, "the record has no entry to vouch for yet");
    return {.database = report.first,
            .sequence = report.sequence,
            .head = report.head,
            .time = time,
            .reviewer = {},
            .public_key = {},
            .signature = {}};
}

Checkpoint Checkpoint::parse(std::string_view line) {
    if (auto checkpoint = read_line(text::trimmed(line))) return *std::move(checkpoint);
    throw Error(ErrorCode::invalid_option, "this is not a checkpoint; expected a line that 'audit checkpoint' printed");
}

Json Checkpoint::statement() const {
    const std::string key = public_key.empty() ? std::string() : std::string(public_key_prefix) + public_key;
    return {{"statement", checkpoint_purpose},
            {"database", database},
            {"sequence", sequence},
            {"head", head},
            {"time", to_text(time)},
            {"reviewer", json::text_or_null(reviewer)},
            {"key", json::text_or_null(key)}};
}

std::string Checkpoint::line() const {
    Json json = statement();
    json["signature"] = json::text_or_null(signature);
    return canonical_json(json);
}

void Checkpoint::sign_with(const Signer& signer) {
    reviewer = signer.name();
    public_key = signer.public_key();
    signature = signer.sign(canonical_json(statement()));
}

std::optional<std::string> Checkpoint::doubt(const std::vector<TrustedReviewer>& trusted) const {
    if (!is_signed()) return "the checkpoint is unsigned";
    const std::string text = canonical_json(statement());
    const bool vouched = std::any_of(trusted.begin(), trusted.end(), [&](const TrustedReviewer& one) {
        return (one.name.empty() || one.name == reviewer) && is_signed_by(one.public_key, text, signature);
    });
    if (vouched) return std::nullopt;
    return "the checkpoint has no signature of a trusted key, or was changed since it was signed";
}

std::optional<std::string> Checkpoint::objection(const AuditReport& report) const {
    const std::string place = std::to_string(sequence);
    if (report.first != database) {
        return "it does not begin as it did: this is another record, or one that was rewritten from its start";
    }
    if (report.sequence < sequence) {
        return "its end was cut off: it goes up to entry " + std::to_string(report.sequence) + ", and entry " + place +
               " was there before";
    }
    if (report.marked.empty() && sequence < report.archived) {
        return "entry " + place + " is in an archive; name the files of the archives with --archive";
    }
    if (report.marked != head)
        return "entry " + place + " is not the one that was there: it, or one before it, was rewritten";
    return std::nullopt;
}

}  // namespace approvekit
