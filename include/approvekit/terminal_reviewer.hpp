#pragma once

#include "approvekit/checkpoint.hpp"
#include "approvekit/line_reader.hpp"
#include "approvekit/recorded_call.hpp"
#include "approvekit/review_statistics.hpp"
#include "approvekit/reviewer.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

namespace approvekit {

/// The format of an export for other programs.
enum class AuditFormat {
    jsonl,  ///< one JSON object per line
    csv     ///< RFC 4180 with a header; no cell can be taken for a formula; texts are escaped as on the screen
};

/// Options for checking a record.
struct AuditCheck {
    std::function<void(std::int64_t)> progress = {};  ///< as in Storage::verify_audit
    std::optional<Checkpoint> checkpoint = {};        ///< an earlier state to compare the record with
    /// The reviewers whose signature on the checkpoint is accepted. Empty: an unsigned checkpoint is accepted, a signed
    /// one is not.
    std::vector<TrustedReviewer> trusted = {};
    bool allow_empty = false;  ///< a record without entries passes too
    /// Archive files, in their order. They are checked too, and so is that the record continues where they end.
    std::vector<std::filesystem::path> archives = {};
};

/// The interactive prompt and the single commands of approvekit-review, on streams that the caller owns.
///
/// Hostile text (escape sequences, bidi marks) is shown escaped. Not thread-safe.
class TerminalReviewer {
public:
    struct Options {
        bool json = false;     ///< for machines: each command prints one JSON document or line
        bool colours = false;  ///< only for a terminal
        bool unicode = true;   ///< the terminal reads UTF-8; otherwise all non-ASCII characters are escaped
        /// Returns the current number of columns of the window. Lines are laid out for at least 30 columns; in a
        /// narrower window a line takes several rows and is counted as that many.
        std::function<std::size_t()> columns = [] { return std::size_t{80}; };
        /// Returns the current number of rows of the window; 0: unlimited, long text is not split into pages.
        std::function<std::size_t()> rows = [] { return std::size_t{0}; };
        std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>();
    };

    /// `out` must outlive this.
    TerminalReviewer(Reviewer reviewer, std::ostream& out, Options options);

    /// Lists pending requests, then reads commands from `in` until quit or end of input. An incomplete last line is not
    /// executed. Errors are printed and the prompt continues. It approves only requests that it has shown completely
    /// and that have not changed since.
    void prompt(std::istream& in);

    /// The same for a person at a terminal; lines come from `lines`. It shows one request after the other, each
    /// answered with a letter, and reports new requests in between. It approves only requests that it has shown
    /// completely and that have not changed since. Returns when the person leaves. Throws StorageError when changes of
    /// the record cannot be followed, and what `lines` throws.
    void prompt(LineReader& lines);

    // The single commands. They throw what Reviewer throws.
    void list(const RequestQuery& query = {});
    void show(std::string_view id_or_prefix);
    /// These decide the named request, whether or not it was shown. The record of an approval, and a signature, say
    /// "by id", whatever ReviewerAnswer::shown says.
    void approve(std::string_view id_or_prefix, const ReviewerAnswer& answer = {});
    void reject(std::string_view id_or_prefix, const ReviewerAnswer& answer = {});
    void answer(std::string_view id_or_prefix, const Json& words, const ReviewerAnswer& with = {});
    /// Put a stop in force, lift one, and list stops, also as JSON. Except as JSON, list() prints the stops in force
    /// above the pending requests.
    void stop(const StopOrder& order);
    void resume(std::string_view id_or_prefix);
    void stops(StopList which = StopList::in_force);
    /// Revoke a grant and list grants, with the number of uses left.
    void revoke(std::string_view id_or_prefix);
    void grants(GrantList which = GrantList::live);
    /// `query.request_id` may be a unique prefix.
    void audit(AuditQuery query = {});
    /// Prints one call per line. `query.request_id` may be a unique prefix.
    void calls(CallQuery query = {});
    void statistics(const Period& period = {});

    /// Writes every entry, oldest first, without keeping all of them in memory.
    void export_audit(AuditFormat format);

    /// Checks the chain, prints the result and returns whether everything fits.
    [[nodiscard]] bool verify_audit(const AuditCheck& check = {});

    /// Moves entries older than `before` into a file and prints the result.
    void archive(Time before, const std::filesystem::path& file,
                 const std::function<void(std::int64_t)>& progress = {});
    void hold(std::string_view id_or_prefix, std::string_view reason);
    void release_hold(std::string_view id_or_prefix);
    void holds(bool all = false);

    /// Like verify_audit(), for an export in JSON lines or an archive file; needs no database.
    [[nodiscard]] static bool verify_export(std::istream& in, std::ostream& out, const Options& options,
                                            const AuditCheck& check = {});

    /// Checks the chain and prints a checkpoint as one line to keep elsewhere, signed if the reviewer signs. Throws
    /// what Checkpoint::of throws.
    void checkpoint(const std::function<void(std::int64_t)>& progress = {});

    /// Prints the pending requests, then each request when it appears and when it ends, until `stop` is requested or
    /// `out` fails. Ends overdue requests every second.
    void watch(const std::stop_token& stop);

private:
    bool print_event(bool appeared, const ApprovalRequest& request);
    void print_decision(const ApprovalRequest& request);
    void print_stop(const Stop& stop);
    void print_hold(const AuditHold& hold);
    void print(const Json& document);

    Reviewer reviewer_;
    std::ostream& out_;
    Options options_;
};

}  // namespace approvekit
