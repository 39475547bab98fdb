# A repository, a clone of it, a search by a regular expression of Perl, a branch that is merged; and the helper for http.
export HOME=/tmp/home GIT_CONFIG_NOSYSTEM=1
mkdir "$HOME"
git config --global user.name Somebody
git config --global user.email somebody@example.org
git config --global init.defaultBranch main

git init -q /tmp/one
cd /tmp/one
echo "the first line" >text
git add text
git commit -q -m "A first version"
git switch -q -c branch
echo "the second line" >>text
git commit -q -a -m "A second version"
git switch -q main
git merge -q branch

git clone -q file:///tmp/one /tmp/two
cd /tmp/two
expect "A second version" git log --oneline
expect "text:2:the second line" git grep -nP '^the (?!first)'
expect "Failed to connect" sh -c 'git ls-remote http://127.0.0.1:1/none 2>&1 || true'
