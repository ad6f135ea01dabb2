# ebt_flags: what every target of this project is compiled and linked with. It is an interface library, so that the flags
# belong to targets and a distribution's own CFLAGS and LDFLAGS come first and stay as they are.
include(CheckCCompilerFlag)

add_library(ebt_flags INTERFACE)
target_compile_definitions(ebt_flags INTERFACE _GNU_SOURCE EBT_VERSION="${PROJECT_VERSION}")
target_compile_options(ebt_flags INTERFACE -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla
  -Wformat=2 -Wno-unused-parameter -fno-common -fstack-protector-strong)
target_link_options(ebt_flags INTERFACE -Wl,-z,relro,-z,now -Wl,--as-needed)

# gcc 12 warns where snprintf is meant to cut and of cleanup attributes that it does not follow; clang warns of members that
# an initializer leaves to be zero.
set(unwanted format-truncation maybe-uninitialized)
if(CMAKE_C_COMPILER_ID MATCHES "Clang")
  list(APPEND unwanted missing-field-initializers)
endif()
foreach(flag ${unwanted})
  check_c_compiler_flag(-W${flag} EBT_HAVE_W_${flag})
  if(EBT_HAVE_W_${flag})
    target_compile_options(ebt_flags INTERFACE -Wno-${flag})
  endif()
endforeach()

# Plain -flto makes gcc warn that it compiles on one CPU.
if(CMAKE_C_COMPILER_ID STREQUAL "GNU" AND CMAKE_C_FLAGS MATCHES "-flto( |$)")
  target_link_options(ebt_flags INTERFACE -flto=auto)
endif()

if(EBT_WERROR)
  target_compile_options(ebt_flags INTERFACE -Werror)
endif()

if(EBT_SANITIZE)
  set(sanitizers address,undefined,float-cast-overflow)
  target_compile_options(ebt_flags INTERFACE -fsanitize=${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer -U_FORTIFY_SOURCE)
  target_link_options(ebt_flags INTERFACE -fsanitize=${sanitizers})
elseif(NOT CMAKE_BUILD_TYPE STREQUAL "Debug" AND NOT CMAKE_C_FLAGS MATCHES "_FORTIFY_SOURCE")
  # A distribution that sets a level of its own keeps it.
  target_compile_definitions(ebt_flags INTERFACE _FORTIFY_SOURCE=2)
endif()

# Every target of the project gets the flags: targets of src/ and of tests/ are all made below this line.
link_libraries(ebt_flags)
