#pragma once

namespace approvekit {

/// From now on open_storage() accepts addresses of PostgreSQL databases, in the whole process. Thread-safe. Needs the
/// target approvekit::postgres.
void use_postgres();

}  // namespace approvekit
