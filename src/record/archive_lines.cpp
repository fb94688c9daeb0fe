#include "record/archive_lines.hpp"

#include "approvekit/audit_archive.hpp"
#include "approvekit/error.hpp"
#include "json/json_view.hpp"
#include "record/archive_file.hpp"
#include "record/exported_audit.hpp"

#include <istream>
#include <utility>

namespace approvekit {

namespace record {

namespace {

constexpr const char* archive_word = "approvekit archive 1";
constexpr const char* export_word = "approvekit export 1";

std::string head_line(const char* word, const AuditStart& start) {
    return canonical_json({{"begins", word},
                           {"behind", start.place},
                           {"hash", json::text_or_null(start.hash)},
                           {"database", json::text_or_null(start.database)}});
}

std::optional<ChainStart> read_head(const char* word, std::string_view line) {
    try {
        const Json json = parse_json(line);
        const auto place = json.at("behind").get<std::int64_t>();
        auto ends = ChainEnds::of_text(json::text_at(json, "hash"), place);
        if (!ends) return std::nullopt;
        ChainStart start{place, *std::move(ends), json::text_at(json, "database")};
        // A line that this would write differently may mean something that is not understood here.
        if (head_line(word, audit_start_of(start)) == line) return start;
    } catch (const ArgumentsRefusedError&) {
        return std::nullopt;
    } catch (const Json::exception&) {
        return std::nullopt;
    }
    return std::nullopt;
}

/// Reads an archive line by line.
class ArchiveReading {
public:
    explicit ArchiveReading(const std::function<void(const ArchivedEntry&)>& look) : look_(look) {}

    /// Returns false at a fault, and at the end.
    bool follow(const std::string& line) {
        ++lines_;
        if (lines_ == 1) return follow_head(line);
        if (line.starts_with("{\"before\":")) return follow_anchor(line);
        if (rows_ > 0 || line.starts_with("{\"row\":")) return follow_row(line);
        // Its entries would continue at another place, and those in between would be in no file.
        if (lines_ == 2 && read_export_head(line)) return fail("begins an export within an archive");
        if (!entries_.follow(line)) return false;
        if (look_) look_({entries_.place(), entries_.last_hash(), entries_.head()});
        digest_.add(line + "\n");
        return true;
    }

    void stop(const std::string& what) { entries_.stop("line " + std::to_string(lines_) + " " + what); }

    [[nodiscard]] ArchiveReport report() && { return {entries_.report(), std::move(anchor_)}; }
    [[nodiscard]] bool has_ended() const noexcept { return anchor_.has_value(); }

private:
    bool follow_head(const std::string& line) {
        start_ = read_archive_head(line).value_or(ChainStart{-1, {}, {}});
        if (start_.place < 0) return fail("does not begin an archive");
        entries_.begin_behind(start_);
        digest_.add(line + "\n");
        return true;
    }

    bool follow_row(const std::string& line) {
        ++rows_;
        digest_.add(line + "\n");
        return is_portable_line(line) || fail("is not a row of an archive");
    }

    bool follow_anchor(const std::string& line) {
        try {
            anchor_ = ArchiveAnchor::parse(line);
        } catch (const Error&) {
            return fail("is not the end of an archive");
        }
        const AuditReport told = entries_.report();
        const bool fits = anchor_->digest == digest_.finish() && anchor_->place == entries_.place() &&
                          anchor_->hash == entries_.ends().text() && anchor_->from == start_.place + 1 &&
                          anchor_->before == start_.ends.text() && anchor_->database == told.first &&
                          anchor_->entries == told.entries + told.foreign_entries && anchor_->rows == rows_;
        if (!fits) return fail("does not fit what comes before it: something was changed since it was written");
        return false;
    }

    bool fail(const std::string& what) {
        stop(what);
        return false;
    }

    const std::function<void(const ArchivedEntry&)>& look_;
    ExportedAudit entries_;
    ChainStart start_;
    RunningDigest digest_;
    std::optional<ArchiveAnchor> anchor_;
    std::int64_t lines_ = 0;
    std::int64_t rows_ = 0;
};

}  // namespace

AuditStart audit_start_of(const ChainStart& start) {
    return {.place = start.place, .hash = start.ends.text(), .database = start.first};
}

std::string archive_head(const ChainStart& start) {
    return head_line(archive_word, audit_start_of(start));
}

std::optional<ChainStart> read_archive_head(std::string_view line) {
    return read_head(archive_word, line);
}

std::optional<ChainStart> read_export_head(std::string_view line) {
    return read_head(export_word, line);
}

}  // namespace record

std::string export_head(const AuditStart& start) {
    return record::head_line(record::export_word, start);
}

bool begins_archive(std::string_view line) {
    return record::read_archive_head(line).has_value();
}

ArchiveReport verify_archive(std::istream& in, const std::function<void(const ArchivedEntry&)>& look,
                             const std::optional<std::string>& first) {
    record::ArchiveReading reading(look);
    std::string line = first.value_or("");
    bool goes_on = true;
    for (bool is_read = first.has_value(); goes_on && (is_read || std::getline(in, line)); is_read = false) {
        const bool has_end = !in.eof();
        goes_on = reading.follow(line);
        if (!has_end) reading.stop("has no end: the file was cut short");
    }
    if (goes_on) {
        reading.stop("is the last one, and does not end an archive: the file was cut short");
    } else if (reading.has_ended() && in.peek() != std::istream::traits_type::eof()) {
        reading.stop("ends the archive, and something follows it");
    }
    return std::move(reading).report();
}

}  // namespace approvekit
