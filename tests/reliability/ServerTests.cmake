# The same on a PostgreSQL server, and what exists only with one. Each record is a separate database there, so a kill
# costs more than in a file, and fewer are tried.
function(approvekit_server_reliability_test name)
  add_test(NAME "${name}" COMMAND reliability --postgres ${ARGN})
  set_tests_properties("${name}" PROPERTIES LABELS server_reliability TIMEOUT 600 FIXTURES_REQUIRED postgres_server
    ENVIRONMENT "APPROVEKIT_TEST_CLUSTER=${PROJECT_BINARY_DIR}/tests/postgres/cluster")
endfunction()

function(approvekit_add_server_reliability_tests)
  math(EXPR wide "${step} * 20")
  math(EXPR some "${races} / 10")
  math(EXPR pairs "${races} / 100")
  math(EXPR some_kills "${kills} / 5")
  math(EXPR deaths "1 + ${kills} / 30")
  approvekit_server_reliability_test("G1 H20 on a server too one of four racing processes wins"
    races --count ${some})
  approvekit_server_reliability_test("G1 H20 on a server in one lane too one of four racing processes wins"
    --lanes 1 races --count ${some})
  foreach(kind of-votes of-edits with-stops for-limits within-limits for-grants)
    approvekit_server_reliability_test("G1 races ${kind} end on a server as in a file" races-${kind} --count ${pairs})
  endforeach()
  foreach(kind points voters editors stoppers spenders granted archivers)
    approvekit_server_reliability_test("G13 kill ${kind} at system calls with a record on a server"
      kill-${kind} --step ${wide})
  endforeach()
  approvekit_server_reliability_test("G8 G13 an archive in one lane on a server loses nothing and has nothing twice too"
    --lanes 1 kill-archivers --step ${wide})
  approvekit_server_reliability_test("G3 G6 G13 processes killed at random leave a true record on a server"
    random-kills --count ${some_kills})
  approvekit_server_reliability_test("G3 G13 connections that a server ends cost no call its entry and run none twice"
    end-connections --count ${some_kills})
  approvekit_server_reliability_test("G3 G13 a server that is killed and comes back has every call that started"
    crash-server --count ${deaths})
  approvekit_server_reliability_test("G3 G13 a promoted synchronous standby has every call that started"
    promote-standby --count 1)
endfunction()
