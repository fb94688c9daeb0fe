#include "approvekit/storage.hpp"

#include "approvekit/error.hpp"

namespace approvekit {
namespace {

Error without_archives() {
    return Error(ErrorCode::invalid_option, "this record has neither archives nor holds");
}

}  // namespace

ArchiveResult Storage::archive(const ArchiveOrder& /*order*/) {
    throw without_archives();
}

std::vector<ArchiveAnchor> Storage::archives() {
    return {};
}

AuditStart Storage::audit_start() {
    return {};
}

AuditHold Storage::hold(std::string_view /*subject*/, std::string_view /*reason*/, std::string_view /*reviewer*/,
                        std::string_view /*way*/) {
    throw without_archives();
}

AuditHold Storage::release_hold(std::string_view /*subject*/, std::string_view /*reviewer*/, std::string_view /*way*/) {
    throw without_archives();
}

std::vector<AuditHold> Storage::holds(bool /*all*/) {
    return {};
}

AuditReport Storage::give_rows(const RowTaker& /*take*/) {
    throw Error(ErrorCode::invalid_option, "this record cannot be copied");
}

void Storage::take_rows(const RowGiver& /*give*/) {
    throw Error(ErrorCode::invalid_option, "no record can be copied into this one");
}

}  // namespace approvekit
