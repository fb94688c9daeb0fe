#include "record/archive_check.hpp"

#include "approvekit/digest.hpp"
#include "json/json_view.hpp"

#include <algorithm>
#include <vector>

namespace approvekit::record {

namespace {

bool is_told(const ArchiveAnchor& anchor, Entries& entries) {
    const std::string metadata = archive_metadata(anchor);
    bool told = false;
    entries.each_of(anchor.id, [&](std::int64_t, const AuditRecord& record) {
        told = told || (record.event == AuditEvent::archived && record.metadata == metadata);
    });
    return told;
}

std::string misfit_behind(const ArchiveAnchor* before, const ArchiveAnchor& anchor) {
    const bool follows = before == nullptr ? anchor.from == 1 && anchor.before.empty()
                                           : anchor.from == before->place + 1 && anchor.before == before->hash &&
                                                 anchor.database == before->database;
    return follows ? "" : "it does not begin where the one before it ends";
}

std::string misfit_of_start(const ChainStart& start, const ArchiveAnchor& last) {
    if (start.place < last.from - 1 || start.place > last.place) return "the chain begins elsewhere";
    if (start.place == last.place && start.ends.text() != last.hash) return "the chain begins with something else";
    return start.place > 0 && start.first != last.database ? "it is of another record" : "";
}

}  // namespace

void KeptDigest::add(std::int64_t sequence, std::string_view hash) {
    digest_.add(std::to_string(sequence) + " " + hex_of(hash) + "\n");
}

std::string archive_metadata(const ArchiveAnchor& anchor) {
    return json::exportable_json(parse_json(anchor.line()));
}

std::string misfit_of_archive_entry(const AuditRecord& entry, Archives& archives) {
    if (entry.event != AuditEvent::archived) return "";
    const std::vector<ArchiveAnchor> all = archives.all();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const ArchiveAnchor& anchor) { return anchor.id == entry.request_id; });
    if (found == all.end()) return "the archive that it records is gone";
    return archive_metadata(*found) == entry.metadata ? "" : "the archive that it records is another one";
}

std::optional<ArchiveMisfit> misfit_of_archives(Tables& tables) {
    const std::vector<ArchiveAnchor> all = tables.archives.all();
    const ArchiveAnchor* before = nullptr;
    for (const ArchiveAnchor& anchor : all) {
        if (!is_told(anchor, tables.entries)) return ArchiveMisfit{anchor.id, "no entry records it"};
        if (std::string what = misfit_behind(before, anchor); !what.empty()) return ArchiveMisfit{anchor.id, what};
        before = &anchor;
    }
    const ChainStart start = tables.archives.start();
    if (before == nullptr) {
        if (start.place == 0) return std::nullopt;
        return ArchiveMisfit{"", "it is gone, and the chain does not begin with the first entry"};
    }
    std::string what = misfit_of_start(start, *before);
    return what.empty() ? std::nullopt : std::optional(ArchiveMisfit{before->id, std::move(what)});
}

}  // namespace approvekit::record
