#include "bare_calls.hpp"

#include "bare_database.hpp"
#include "sample_call.hpp"

#include <stdexcept>

namespace approvekit::bench {
namespace {

constexpr const char* row_time = "2026-01-02T03:04:05.678901+00:00";
constexpr const char* row_hash = R"(\x3031323334353637383961626364656630313233343536373839616263646566)";

struct ClearBareResult {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using BareResult = std::unique_ptr<PGresult, ClearBareResult>;

}  // namespace

BareServerConnection::BareServerConnection(const std::string& address) : connection_(PQconnectdb(address.c_str())) {
    if (PQstatus(connection_.get()) != CONNECTION_OK || PQenterPipelineMode(connection_.get()) != 1) fail();
}

void BareServerConnection::fail() const {
    throw std::runtime_error(PQerrorMessage(connection_.get()));
}

void BareServerConnection::prepare(const char* name, const char* sql) {
    if (PQsendPrepare(connection_.get(), name, sql, 0, nullptr) != 1) fail();
    ++sent_;
    finish();
}

void BareServerConnection::send(const char* name, const std::vector<const char*>& values) {
    const int count = static_cast<int>(values.size());
    if (PQsendQueryPrepared(connection_.get(), name, count, values.data(), nullptr, nullptr, 0) != 1) fail();
    ++sent_;
}

void BareServerConnection::finish() {
    if (PQpipelineSync(connection_.get()) != 1) fail();
    for (; sent_ > 0; --sent_) {
        while (const BareResult result{PQgetResult(connection_.get())}) {
            if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) fail();
        }
    }
    const BareResult end(PQgetResult(connection_.get()));
    if (PQresultStatus(end.get()) != PGRES_PIPELINE_SYNC) fail();
}

BareServerCalls::BareServerCalls(const std::string& address, std::int64_t writer, std::int64_t writers)
    : connection_(address),
      sequence_(writer + 1),
      stride_(writers),
      arguments_(canonical_json(sample_arguments())),
      metadata_(*allowing_policy().evaluate(tool_name).metadata) {
    connection_.prepare("begin", "BEGIN");
    connection_.prepare("commit", "COMMIT");
    connection_.prepare("decision",
                        "INSERT INTO approvekit.audit_log(id, request_id, tool_name, tool_args, decision, timestamp, "
                        "reviewer_notes, metadata) VALUES ($1, 'auto', $2, $3, 'approved', $4, 'auto-approved by "
                        "policy', $5)");
    connection_.prepare(
        "link",
        "INSERT INTO approvekit.approvekit_audit(seq, entry_id, request_id, event, reviewer, way, "
        "follows, is_signed, session, hash) VALUES ($1, $2, 'auto', 'approved', 'policy', 'policy', '', "
        "false, 1, $3)");
    connection_.prepare("outcome",
                        "INSERT INTO approvekit.approvekit_audit(seq, entry_id, request_id, event, reviewer, way, "
                        "follows, is_signed, session, hash, tool_name, tool_args, timestamp, notes, metadata) VALUES "
                        "($1, $2, 'auto', 'executed', '', 'agent', $3, false, 1, $4, $5, '{}', $6, NULL, '{}')");
}

void BareServerCalls::write(int calls) {
    connection_.send("begin");
    for (int call = 0; call < calls; ++call)
        send_call();
    connection_.send("commit");
    connection_.finish();
}

void BareServerCalls::send_call() {
    const std::string before = unique_id(sequence_);
    const std::string outcome_place = std::to_string(sequence_ += stride_);
    const std::string outcome_id = unique_id(sequence_);
    const std::string place = std::to_string(sequence_ += stride_);
    const std::string id = unique_id(sequence_);
    connection_.send("outcome",
                     {outcome_place.c_str(), outcome_id.c_str(), before.c_str(), row_hash, tool_name, row_time});
    connection_.send("decision", {id.c_str(), tool_name, arguments_.c_str(), row_time, metadata_.c_str()});
    connection_.send("link", {place.c_str(), id.c_str(), row_hash});
}

}  // namespace approvekit::bench
