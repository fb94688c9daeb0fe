#pragma once

#ifdef APPROVEKIT_HAS_POSTGRES
#include "approvekit/use_postgres.hpp"
#endif

namespace approvekit::tools {

/// Lets --db take what this program was built with, besides files.
inline void use_engines() {
#ifdef APPROVEKIT_HAS_POSTGRES
    use_postgres();
#endif
}

}  // namespace approvekit::tools
