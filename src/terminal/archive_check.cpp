#include "approvekit/error.hpp"
#include "terminal/request_view.hpp"
#include "terminal/verification.hpp"

#include <fstream>
#include <istream>
#include <map>
#include <utility>

namespace approvekit::terminal {
namespace {

/// Reads the files of archives in their order, and compares them with the record.
class ArchiveReader {
public:
    ArchiveReader(Storage& storage, const AuditCheck& check, std::int64_t mark)
        : known_(storage.archives()), trusted_(check.trusted), mark_(mark) {
        read_kept(storage);
    }

    /// Reads the next file. Returns what is wrong with it, or an empty text.
    [[nodiscard]] std::string read(const std::filesystem::path& file) {
        std::ifstream in(file, std::ios::binary);
        if (!in) throw Error(ErrorCode::invalid_option, file.string() + ": cannot be read");
        std::string other;
        const ArchiveReport report = verify_archive(in, [&](const ArchivedEntry& entry) {
            if (entry.place == mark_) marked_ = entry.head;
            const auto kept = kept_.find(entry.place);
            if (kept != kept_.end() && kept->second != entry.hash && other.empty())
                other = "entry " + std::to_string(entry.place) + " of the record is not the one that it holds";
        });
        const AuditReport& audit = report.audit;
        if (audit.fault) return file.string() + ": " + audit.fault->subject() + ": " + audit.fault->what;
        if (other.empty()) other = objection_to(*report.anchor);
        place_ = report.anchor->place;
        hash_ = report.anchor->hash;
        return other.empty() ? "" : file.string() + ": " + other;
    }

    /// Returns an objection if the files do not reach up to where the record begins, or an empty text.
    [[nodiscard]] std::string objection_at_end(const AuditReport& report) const {
        return place_ >= report.archived ? "" : "the files end before the record begins: one of them is missing";
    }

    [[nodiscard]] const std::string& marked() const noexcept { return marked_; }

private:
    /// Reads what archives left in the record.
    void read_kept(Storage& storage) {
        const std::int64_t start = storage.audit_start().place;
        AuditQuery query{.request_id = {}, .limit = 200, .cursor = {}, .oldest_first = true};
        do {
            const AuditPage page = storage.audit(query);
            for (const AuditEntry& entry : page.entries) {
                if (entry.sequence > start) return;
                kept_.emplace(entry.sequence, entry.hash);
            }
            query.cursor = page.next;
        } while (!query.cursor.empty());
    }

    [[nodiscard]] std::string objection_to(const ArchiveAnchor& anchor) const {
        if (anchor.from != place_ + 1 || anchor.before != hash_) {
            return "it does not go on where the file before it ends, or the record begins";
        }
        bool is_known = false;
        for (const ArchiveAnchor& one : known_)
            is_known = is_known || one.line() == anchor.line();
        if (!is_known) return "the record does not know of this archive";
        if (trusted_.empty()) return "";
        return anchor.doubt(trusted_).value_or("");
    }

    std::vector<ArchiveAnchor> known_;
    std::vector<TrustedReviewer> trusted_;
    std::int64_t mark_;
    std::map<std::int64_t, std::string> kept_;
    std::int64_t place_ = 0;
    std::string hash_;
    std::string marked_;
};

std::string vouching_note(const ArchiveAnchor& anchor) {
    std::string note = "It is an archive of the entries " + std::to_string(anchor.from) + " to " +
                       std::to_string(anchor.place) + ", from before " + moment_text(anchor.until) + ", ";
    return note + (anchor.is_signed() ? "which " + anchor.reviewer + " signed."
                                      : "and unsigned: as trustworthy as the place where it was kept.");
}

}  // namespace

ArchiveCheck check_archives(Storage& storage, const AuditCheck& check, AuditReport& report) {
    ArchiveCheck result;
    if (check.archives.empty() || report.fault) return result;
    ArchiveReader reader(storage, check, check.checkpoint ? check.checkpoint->sequence : 0);
    for (const std::filesystem::path& file : check.archives) {
        ++result.count;
        result.objection = reader.read(file);
        if (!result.objection.empty()) return result;
    }
    result.objection = reader.objection_at_end(report);
    if (report.marked.empty()) report.marked = reader.marked();
    return result;
}

Verification verification_of_archive(std::istream& in, const std::string& first, std::int64_t mark,
                                     const AuditCheck& check) {
    std::string marked;
    const auto look = [&](const ArchivedEntry& entry) {
        if (entry.place == mark) marked = entry.head;
    };
    ArchiveReport report = verify_archive(in, look, first);
    if (!marked.empty()) report.audit.marked = marked;
    Verification verification = verification_of(std::move(report.audit), check);
    if (!report.anchor || verification.report.fault) return verification;
    verification.archive_note = vouching_note(*report.anchor);
    if (!check.trusted.empty()) verification.archive_objection = report.anchor->doubt(check.trusted).value_or("");
    return verification;
}

}  // namespace approvekit::terminal
