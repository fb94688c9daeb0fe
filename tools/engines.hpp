#pragma once

#ifdef APPROVEKIT_HAS_POSTGRES
#include "approvekit/use_postgres.hpp"
#endif

namespace approvekit::tools {

/// Makes --db accept, besides files, the engines that this program was built with.
inline void use_engines() {
#ifdef APPROVEKIT_HAS_POSTGRES
    use_postgres();
#endif
}

}  // namespace approvekit::tools
