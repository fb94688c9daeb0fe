#pragma once

/// Everything that an agent needs. The web server is apart, in web_reviewer.hpp and the target approvekit::web.

#include "approvekit/approve_kit.hpp"
#include "approvekit/audit.hpp"
#include "approvekit/checkpoint.hpp"
#include "approvekit/clock.hpp"
#include "approvekit/decision_statement.hpp"
#include "approvekit/error.hpp"
#include "approvekit/guard.hpp"
#include "approvekit/json.hpp"
#include "approvekit/outcome.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/policy_explanation.hpp"
#include "approvekit/request.hpp"
#include "approvekit/reviewer.hpp"
#include "approvekit/reviewer_key.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "approvekit/storage.hpp"
#include "approvekit/terminal_text.hpp"
#include "approvekit/ticket.hpp"
#include "approvekit/tools.hpp"
#include "approvekit/version.hpp"
