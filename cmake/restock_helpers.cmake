# What every target of the project shares. Three functions, so that a folder's CMakeLists.txt only lists its files.

find_package(Threads REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(Boost 1.74 REQUIRED)
find_package(fmt REQUIRED)

if(RESTOCK_WITH_TORCH)
  find_package(Torch REQUIRED)
  # LibTorch headers cost 1.3 GB a file: at most two at a time.
  set_property(GLOBAL APPEND PROPERTY JOB_POOLS torch_pool=2)
endif()

# Language, warnings and code generation, in one place.
add_library(restock_options INTERFACE)
target_compile_features(restock_options INTERFACE cxx_std_20)
target_compile_options(restock_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion
  # g++ 12 warns about its own headers: AVX-512 intrinsics (GCC bug 105593) and std::string (bug 105651)
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-uninitialized>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  -ffp-contract=off  # equal bits for any block size and any inlining
  $<$<BOOL:${RESTOCK_NATIVE}>:-march=native>)
if(RESTOCK_SANITIZE)  # a list such as address,undefined, whose comma generator expressions do not take
  target_compile_options(restock_options INTERFACE -fsanitize=${RESTOCK_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(restock_options INTERFACE -fsanitize=${RESTOCK_SANITIZE})
endif()
target_include_directories(restock_options INTERFACE ${PROJECT_SOURCE_DIR})
target_link_libraries(restock_options INTERFACE Eigen3::Eigen Boost::headers Threads::Threads)

# restock_add_library(NAME SOURCES file... LINK target...)
function(restock_add_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC restock_options ${ARG_LINK})
endfunction()

# Gives the listed files of a target LibTorch's headers (as system headers) and its compile pool.
function(restock_use_torch name)
  target_link_libraries(${name} PRIVATE ${TORCH_LIBRARIES})
  target_include_directories(${name} SYSTEM PRIVATE ${TORCH_INCLUDE_DIRS})
  set_target_properties(${name} PROPERTIES JOB_POOL_COMPILE torch_pool)
endfunction()

# restock_add_test(NAME SOURCES file... LINK target... [LABELS label...] [TIMEOUT seconds])
# One executable and one ctest entry per file group; tests read as sentences (GoogleTest).
function(restock_add_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE restock_options ${ARG_LINK} GTest::gtest GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  if(NOT ARG_TIMEOUT AND "slow" IN_LIST ARG_LABELS)
    set(ARG_TIMEOUT 900)  # a minute or two of one core
  elseif(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()

# restock_add_benchmark(NAME SOURCES file... LINK target...)
function(restock_add_benchmark name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE restock_options ${ARG_LINK} benchmark::benchmark)
endfunction()
