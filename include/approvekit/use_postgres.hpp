#pragma once

namespace approvekit {

/// From now on open_storage() takes addresses of PostgreSQL databases, in the whole process. Thread-safe. Needs the target
/// approvekit::postgres.
void use_postgres();

}  // namespace approvekit
