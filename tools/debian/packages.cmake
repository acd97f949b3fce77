# Two Debian packages, made by CPack: cpl for everybody's machine, cpld for the service's. What is in
# them is what `cmake --install` installs, and what belongs to a package alone: the configuration as
# a conffile, the changelog, the copyright, the bill of materials, the maintainer scripts.
set(here ${CMAKE_CURRENT_LIST_DIR})
set(made ${PROJECT_BINARY_DIR}/debian)

# The manual pages take long enough not to be made with every build.
add_custom_target(cpl_manual
  COMMAND ${PROJECT_SOURCE_DIR}/tools/manual $<TARGET_FILE_DIR:cpl> ${made}/man
  COMMAND find ${made}/man -type f -exec gzip -9n {} +
  DEPENDS cpl cpld
  VERBATIM)

find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_custom_target(cpl_package_papers DEPENDS cpl cpld cpl_manual cpl_completions)
foreach(package cpl cpld)
  file(MAKE_DIRECTORY ${made}/${package})
  add_custom_command(TARGET cpl_package_papers POST_BUILD
    COMMAND ${Python3_EXECUTABLE} -B ${here}/changelog.py ${package} ${PROJECT_VERSION}
      > ${made}/${package}/changelog
    COMMAND gzip -9nf ${made}/${package}/changelog
    COMMAND ${Python3_EXECUTABLE} -B ${here}/bill.py ${PROJECT_BINARY_DIR} ${package}
      > ${made}/${package}/${package}.cdx.json
    VERBATIM)
  install(FILES ${here}/copyright ${made}/${package}/changelog.gz
      ${made}/${package}/${package}.cdx.json
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package}
    COMPONENT ${package} EXCLUDE_FROM_ALL)
endforeach()
install(FILES ${here}/cpld.lintian
  DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME cpld
  COMPONENT cpld EXCLUDE_FROM_ALL)
# By hand it would take the place of the operator's own.
install(FILES ${PROJECT_SOURCE_DIR}/tools/cpld/cpld.example.toml
  DESTINATION ${CMAKE_INSTALL_FULL_SYSCONFDIR}/cpl RENAME cpld.toml
  COMPONENT cpld EXCLUDE_FROM_ALL)
file(WRITE ${made}/conffiles "${CMAKE_INSTALL_FULL_SYSCONFDIR}/cpl/cpld.toml\n")

install(DIRECTORY ${made}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1
  COMPONENT cpl OPTIONAL FILES_MATCHING PATTERN "*.1.gz")
install(DIRECTORY ${made}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man5
  COMPONENT cpld OPTIONAL FILES_MATCHING PATTERN "*.5.gz")
install(DIRECTORY ${made}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man8
  COMPONENT cpld OPTIONAL FILES_MATCHING PATTERN "*.8.gz")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR "Certified Products List registry")
set(CPACK_PACKAGE_CONTACT "Certified Products List registry <registry@cpl.example>")
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_SET_DESTDIR ON)  # Not all of it is below the prefix.
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL cpl cpld)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_CPL_PACKAGE_NAME cpl)
set(CPACK_DEBIAN_CPL_PACKAGE_SECTION utils)
set(CPACK_COMPONENT_CPL_DESCRIPTION
"This is the command line, which prepares, signs, checks and audits
changes of the list of meter models that may be used. Signing and
verifying need no server.")
set(CPACK_DEBIAN_CPLD_PACKAGE_NAME cpld)
set(CPACK_DEBIAN_CPLD_PACKAGE_SECTION net)
set(CPACK_DEBIAN_CPLD_PACKAGE_RECOMMENDS "cpl, ca-certificates")
set(CPACK_DEBIAN_CPLD_PACKAGE_SUGGESTS "prometheus")
set(CPACK_DEBIAN_CPLD_PACKAGE_CONTROL_EXTRA
  "${made}/conffiles;${here}/postinst;${here}/prerm;${here}/postrm")
set(CPACK_COMPONENT_CPLD_DESCRIPTION
"This is the service, which keeps the list of meter models that may be
used, answers whoever reads it, and tells subscribers of each change.")
include(CPack)
