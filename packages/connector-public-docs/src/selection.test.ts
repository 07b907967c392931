import { describe, expect, it } from 'vitest'
import { globProblem, SiteScope } from './selection.ts'

function selected(options: Partial<ConstructorParameters<typeof SiteScope>[0]>, paths: readonly string[]): string[] {
  const scope = new SiteScope({ base_url: 'https://docs.example.com/manual/', ...options })
  return paths.filter((path) => scope.follows(new URL(path, 'https://docs.example.com/')))
}

describe('the scope of a site', () => {
  it('is the folder of base_url on its host', () => {
    const paths = ['/manual', '/manual/', '/manual/a', '/manual2', '/other', 'https://example.com/manual/a', 'https://docs.example.com:8443/manual/a']
    expect(selected({}, paths)).toEqual(['/manual', '/manual/', '/manual/a'])
    expect(selected({ base_url: 'https://docs.example.com/manual' }, paths)).toEqual(['/manual', '/manual/', '/manual/a'])
    expect(selected({ base_url: 'https://docs.example.com/manual/start.html' }, paths)).toEqual(['/manual', '/manual/', '/manual/a'])
    expect(selected({ base_url: 'https://docs.example.com/manual/3.14' }, ['/manual/3.14/a', '/manual/3.13/a'])).toEqual(['/manual/3.14/a'])
  })

  it('is narrowed by globs on the whole path or on what follows base_url', () => {
    const paths = ['/manual/api', '/manual/api/a', '/manual/guide/a', '/manual/old/api/a']
    expect(selected({ path_pattern: ['/manual/api'] }, paths)).toEqual(['/manual/api', '/manual/api/a'])
    expect(selected({ path_pattern: ['api/**'] }, paths)).toEqual(['/manual/api', '/manual/api/a'])
    expect(selected({ path_pattern: ['**/a'] }, paths)).toEqual(['/manual/api/a', '/manual/guide/a', '/manual/old/api/a'])
    expect(selected({ path_pattern: ['**'], exclude_paths: ['old', '/manual/guide/*'] }, paths)).toEqual(['/manual/api', '/manual/api/a'])
  })

  it('compares globs with the path as people write it', () => {
    expect(selected({ path_pattern: ['été/**'] }, ['/manual/%C3%A9t%C3%A9/a', '/manual/ete/a'])).toEqual(['/manual/%C3%A9t%C3%A9/a'])
  })

  it('leaves out pictures, archives and the like', () => {
    expect(selected({}, ['/manual/a.png', '/manual/a.tar.gz', '/manual/a.PDF', '/manual/a.html', '/manual/v1.2'])).toEqual(['/manual/a.html', '/manual/v1.2'])
  })

  it('takes http links of a site with https for https', () => {
    const scope = new SiteScope({ base_url: 'https://docs.example.com/' })
    expect(scope.resolve('http://docs.example.com/a')?.href).toBe('https://docs.example.com/a')
    expect(scope.resolve('http://docs.example.com:8080/a')?.href).toBe('http://docs.example.com:8080/a')
    expect(scope.resolve('http://other.example.com/a')?.href).toBe('http://other.example.com/a')
  })

  it('says what is wrong with a glob', () => {
    expect(globProblem('!a')).toContain('exclude_paths')
    expect(globProblem(' ')).toContain('empty')
    expect(globProblem('https://docs.example.com/a/**')).toContain('without scheme')
    expect(globProblem('a/{b,c}/**')).toBeUndefined()
  })
})
