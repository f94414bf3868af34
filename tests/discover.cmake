# SPDX-License-Identifier: MIT
# Asks a test program once which cases it has, and writes them down for ctest: PREFIX/CASE, labelled with the case's suite.
# (doctest's own way starts the program again for each case, to learn its suite: minutes with a sanitizer.)
# usage: cmake -DPROGRAM=... -DPREFIX=... -DPROPERTIES=... -DOUTPUT=... -P discover.cmake
execute_process(COMMAND "${PROGRAM}" --reporters=xml --list-test-cases OUTPUT_VARIABLE listing RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} could not list its cases (${result}):\n${listing}")
endif()
string(REPLACE ";" "<semicolon>" listing "${listing}")
string(REGEX MATCHALL "<TestCase [^\n]*" cases "${listing}")
if(cases STREQUAL "")
  message(FATAL_ERROR "${PROGRAM} has no cases:\n${listing}")
endif()

set(script "")
foreach(case IN LISTS cases)
  set(label "")
  if(case MATCHES " testsuite=\"([^\"]*)\"")
    set(label "${CMAKE_MATCH_1}")
  endif()
  if(NOT case MATCHES " name=\"([^\"]*)\"")
    message(FATAL_ERROR "A case without a name: ${case}")
  endif()
  set(name "${CMAKE_MATCH_1}")
  foreach(pair "&lt<semicolon>=<" "&gt<semicolon>=>" "&quot<semicolon>=\"" "&apos<semicolon>='" "&amp<semicolon>=&")
    string(REGEX MATCH "^([^=]*)=(.*)$" _ "${pair}")
    string(REPLACE "${CMAKE_MATCH_1}" "${CMAKE_MATCH_2}" name "${name}")
  endforeach()
  string(REPLACE "," "\\," filter "${name}")  # a comma would separate two
  string(APPEND script "add_test([==[${PREFIX}/${name}]==] [==[${PROGRAM}]==] [==[--test-case=${filter}]==])\n"
                       "set_tests_properties([==[${PREFIX}/${name}]==] PROPERTIES LABELS \"${label}\" ${PROPERTIES})\n")
endforeach()
file(WRITE "${OUTPUT}" "${script}")
