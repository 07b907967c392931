// What is used of jira.js, and what the build takes in of it. Loaded with the first request to Jira Cloud.
export {
  bulkFetchIssues,
  getComments,
  getCurrentUser,
  getFields,
  getMyPermissions,
  getProject,
  getServerInfo,
  searchAndReconsileIssuesUsingJqlPost,
  searchProjects,
} from 'jira.js/cloud'
