#include "terminal/verification.hpp"

#include "json/json_view.hpp"
#include "terminal/request_view.hpp"

#include <utility>

namespace approvekit::terminal {
namespace {

std::string entries(std::int64_t count) {
    return std::to_string(count) + (count == 1 ? " entry" : " entries");
}

void draw_fault(Lines& lines, const AuditReport& report) {
    const Screen& screen = lines.screen();
    const std::string& request = report.fault->request_id;
    const std::string subject = request.empty() ? report.fault->subject() : "request " + screen.name(request);
    const std::string id = report.fault->entry_id.empty() ? "" : " (" + screen.name(report.fault->entry_id) + ")";
    lines.add(0,
              "The record was changed: " + subject + id +
                  " does not fit: " + text::escape(report.fault->what, screen.charset),
              Colour::red);
    lines.add(0, request.empty() ? "Before it: " + entries(report.entries) + ", as written."
                                 : "The entries themselves are as written: " + entries(report.entries) + ".");
}

void draw_checkpoint(Lines& lines, const Verification& verification) {
    const Screen& screen = lines.screen();
    const Checkpoint& checkpoint = *verification.checkpoint;
    if (!verification.objection.empty()) {
        return lines.add(0, "The checkpoint does not fit: " + text::escape(verification.objection, screen.charset),
                         Colour::red);
    }
    lines.add(0, "It has grown from entry " + std::to_string(checkpoint.sequence) + ", the checkpoint of " +
                     moment_text(checkpoint.time) + ",");
    lines.add(0, checkpoint.is_signed() ? "which " + screen.name(checkpoint.reviewer) + " signed."
                                        : "which is unsigned: as trustworthy as the place where it was kept.");
}

void draw_archives(Lines& lines, const Verification& verification) {
    const Screen& screen = lines.screen();
    const AuditReport& report = verification.report;
    if (!verification.archive_objection.empty()) {
        lines.add(0, "The archives do not fit: " + text::escape(verification.archive_objection, screen.charset),
                  Colour::red);
    } else if (verification.archives > 0) {
        lines.add(0, "It goes on where the archives end, and they go back to its first entry.");
    } else if (report.archived > 0 && verification.archive_note.empty()) {
        lines.add(0,
                  "It begins behind entry " + std::to_string(report.archived) + "; what came before is in archives.");
    }
    if (!verification.archive_note.empty()) lines.add(0, text::escape(verification.archive_note, screen.charset));
}

Json checkpoint_json(const Verification& verification) {
    if (!verification.checkpoint) return nullptr;
    const Checkpoint& checkpoint = *verification.checkpoint;
    return {{"sequence", checkpoint.sequence},
            {"time", to_text(checkpoint.time)},
            {"reviewer", json::text_or_null(checkpoint.reviewer)},
            {"signed", checkpoint.is_signed()},
            {"objection", json::text_or_null(verification.objection)}};
}

}  // namespace

Verification verification_of(AuditReport report, const AuditCheck& check) {
    const auto& checkpoint = check.checkpoint;
    Verification verification{std::move(report), checkpoint, {}, check.allow_empty};
    if (!checkpoint) return verification;
    std::optional<std::string> objection;
    if (checkpoint->is_signed() || !check.trusted.empty()) objection = checkpoint->doubt(check.trusted);
    // If only a request does not fit, the chain of entries is whole and can still be compared.
    const auto& fault = verification.report.fault;
    if (!objection && (!fault || !fault->request_id.empty())) objection = checkpoint->objection(verification.report);
    verification.objection = objection.value_or("");
    return verification;
}

void draw_verification(Lines& lines, const Verification& verification) {
    const AuditReport& report = verification.report;
    if (report.fault) {
        draw_fault(lines, report);
    } else if (report.empty()) {
        lines.add(0, "The record is empty: nothing was asked, allowed or decided in this file.",
                  verification.allow_empty ? Colour::plain : Colour::red);
        if (!verification.allow_empty) lines.add(0, "Is it the right file? --allow-empty takes an empty one as well.");
    } else {
        lines.add(0, "The record is as it was written: " + entries(report.entries) + ".");
    }
    draw_archives(lines, verification);
    if (verification.checkpoint) draw_checkpoint(lines, verification);
    if (report.foreign_entries > 0) {
        lines.add(0, "Another program wrote " + entries(report.foreign_entries) + " more, which nothing vouches for.");
    }
    if (!report.head.empty()) lines.add(0, "head " + lines.screen().name(report.head));
}

Json to_json_view(const Verification& verification) {
    const AuditReport& report = verification.report;
    Json fault = nullptr;
    if (report.fault) {
        fault = {{"sequence", report.fault->sequence},
                 {"entry_id", report.fault->entry_id},
                 {"request_id", json::text_or_null(report.fault->request_id)},
                 {"what", report.fault->what}};
    }
    return {{"intact", verification.passed()},
            {"empty", report.empty()},
            {"entries", report.entries},
            {"foreign_entries", report.foreign_entries},
            {"head", report.head},
            {"archived", report.archived},
            {"archives",
             {{"checked", verification.archives}, {"objection", json::text_or_null(verification.archive_objection)}}},
            {"fault", std::move(fault)},
            {"checkpoint", checkpoint_json(verification)}};
}

}  // namespace approvekit::terminal
